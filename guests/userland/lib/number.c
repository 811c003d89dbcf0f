#include "number.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Reads digits; `*end` is where they end. False without digits or above `most`.
static bool digits(const char *text, int64_t most, int64_t *value, const char **end) {
  if (!isdigit((unsigned char)*text)) return false;
  int64_t sum = 0;
  for (; isdigit((unsigned char)*text); text += 1) {
    int digit = *text - '0';
    if (sum > (most - digit) / 10) return false;
    sum = sum * 10 + digit;
  }
  *value = sum;
  *end = text;
  return true;
}

bool parse_number(const char *text, int64_t most, int64_t *value) {
  const char *end;
  return digits(text, most, value, &end) && *end == '\0';
}

// What a size's letters stand for; 0 when they are none. `*end` is behind them.
static int64_t unit_of(const char *text, const char **end) {
  static const char LETTERS[] = "KMGTPE";
  *end = text + 1;
  switch (*text) {
    case 'c': return 1;
    case 'w': return 2;
    case 'b': return 512;
    default: break;
  }
  const char *letter = *text == '\0' ? NULL : strchr(LETTERS, toupper((unsigned char)*text));
  if (letter == NULL) return 0;
  int64_t base = 1024;
  if (text[1] == 'B') {
    base = 1000;
    *end = text + 2;
  } else if (text[1] == 'i' && text[2] == 'B') {
    *end = text + 3;
  }
  int64_t unit = base;
  for (; letter > LETTERS; letter -= 1) unit *= base;
  return unit;
}

static bool multiply(int64_t *value, int64_t by) {
  if (by != 0 && *value > INT64_MAX / by) return false;
  *value *= by;
  return true;
}

bool parse_size(const char *text, int64_t *value) {
  const char *end;
  if (!digits(text, INT64_MAX, value, &end)) return false;
  if (*end != '\0' && *end != 'x') {
    int64_t unit = unit_of(end, &end);
    if (unit == 0 || !multiply(value, unit)) return false;
  }
  if (*end == '\0') return true;
  int64_t factor;
  return *end == 'x' && parse_size(end + 1, &factor) && multiply(value, factor);
}

bool parse_seconds(const char *text, double *seconds) {
  if (strcmp(text, "inf") == 0 || strcmp(text, "infinity") == 0) {
    *seconds = -1;
    return true;
  }
  if (!isdigit((unsigned char)*text) && *text != '.') return false;
  char *end;
  double value = strtod(text, &end);
  if (end == text || !isfinite(value)) return false;
  static const struct { char letter; double seconds; } UNITS[] = {
    {'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400},
  };
  double unit = 1;
  if (*end != '\0') {
    unit = 0;
    for (size_t index = 0; index < sizeof UNITS / sizeof *UNITS; index += 1) {
      if (UNITS[index].letter == *end) unit = UNITS[index].seconds;
    }
    if (unit == 0 || end[1] != '\0') return false;
  }
  *seconds = value * unit;
  return true;
}

char *human_size(uint64_t bytes, char text[HUMAN_ROOM]) {
  static const char LETTERS[] = "KMGTPE";
  if (bytes < 1024) {
    snprintf(text, HUMAN_ROOM, "%llu", (unsigned long long)bytes);
    return text;
  }
  // Tenths of the unit, rounded up, as long as there is one digit before the point.
  int power = 0;
  uint64_t unit = 1024;
  while (power < 5 && bytes / unit >= 1024) {
    unit *= 1024;
    power += 1;
  }
  uint64_t whole = bytes / unit;
  uint64_t rest = bytes % unit;
  // rest * 10 + unit is below 11 * 2^60, so it fits.
  uint64_t tenths = whole * 10 + (rest * 10 + unit - 1) / unit;
  if (tenths < 100) {
    snprintf(text, HUMAN_ROOM, "%u.%u%c", (unsigned)(tenths / 10), (unsigned)(tenths % 10), LETTERS[power]);
    return text;
  }
  whole += rest == 0 ? 0 : 1;
  if (whole == 1024 && power < 5) snprintf(text, HUMAN_ROOM, "1.0%c", LETTERS[power + 1]);
  else snprintf(text, HUMAN_ROOM, "%llu%c", (unsigned long long)whole, LETTERS[power]);
  return text;
}
