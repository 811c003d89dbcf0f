// The orders that are not that of bytes.
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/memory.h"
#include "text/sort/sort.h"

// A decimal number of any length, taken apart.
struct decimal {
  bool negative;
  const char *whole;  // without zeros in front
  size_t whole_length;
  const char *fraction;  // without zeros behind
  size_t fraction_length;
  const char *end;
};

static const char *skip_digits(const char *at, const char *end) {
  while (at < end && *at >= '0' && *at <= '9') at += 1;
  return at;
}

static struct decimal decimal_of(struct piece piece) {
  struct decimal decimal = {.fraction_length = 0};
  const char *end = piece.text + piece.length;
  const char *at = piece.text;
  while (at < end && (isblank((unsigned char)*at) || *at == '\n')) at += 1;
  if (at < end && *at == '-') {
    decimal.negative = true;
    at += 1;
  }
  while (at < end && *at == '0') at += 1;
  decimal.whole = at;
  at = skip_digits(at, end);
  decimal.whole_length = (size_t)(at - decimal.whole);
  decimal.fraction = at;
  if (at < end && *at == '.') {
    decimal.fraction = at + 1;
    at = skip_digits(at + 1, end);
    decimal.fraction_length = (size_t)(at - decimal.fraction);
    while (decimal.fraction_length > 0 && decimal.fraction[decimal.fraction_length - 1] == '0') {
      decimal.fraction_length -= 1;
    }
  }
  decimal.end = at;
  // There is no zero below zero.
  if (decimal.whole_length == 0 && decimal.fraction_length == 0) decimal.negative = false;
  return decimal;
}

static int compare_sizes(const struct decimal *one, const struct decimal *other) {
  if (one->whole_length != other->whole_length) return one->whole_length < other->whole_length ? -1 : 1;
  int compared = memcmp(one->whole, other->whole, one->whole_length);
  if (compared != 0) return compared;
  bool shorter = one->fraction_length < other->fraction_length;
  compared = memcmp(one->fraction, other->fraction, shorter ? one->fraction_length : other->fraction_length);
  if (compared != 0) return compared;
  return shorter ? -1 : one->fraction_length > other->fraction_length;
}

static int compare_decimals(const struct decimal *one, const struct decimal *other) {
  if (one->negative != other->negative) return one->negative ? -1 : 1;
  int compared = compare_sizes(one, other);
  return one->negative ? -compared : compared;
}

// The place of the letter behind a number: nothing, K, M, G, …
static int unit_of(const struct decimal *decimal, struct piece piece) {
  static const char units[] = "KMGTPEZYRQ";
  bool zero = decimal->whole_length == 0 && decimal->fraction_length == 0;
  if (zero || decimal->end >= piece.text + piece.length) return 0;
  char letter = *decimal->end == 'k' ? 'K' : *decimal->end;
  const char *found = letter == '\0' ? NULL : strchr(units, letter);
  int unit = found == NULL ? 0 : (int)(found - units) + 1;
  return decimal->negative ? -unit : unit;
}

static int compare_human(struct piece one, struct piece other) {
  struct decimal first = decimal_of(one);
  struct decimal second = decimal_of(other);
  if (first.negative != second.negative) return first.negative ? -1 : 1;
  int first_unit = unit_of(&first, one);
  int second_unit = unit_of(&second, other);
  if (first_unit != second_unit) return first_unit < second_unit ? -1 : 1;
  return compare_decimals(&first, &second);
}

// Text that is no number comes first, then what is not a number by name, then numbers.
static int class_of(struct piece piece, double *value) {
  char *text = must_copy_part(piece.text, piece.length);
  char *end;
  *value = strtod(text, &end);
  int class = end == text ? 0 : isnan(*value) ? 1 : 2;
  free(text);
  return class;
}

static int compare_general(struct piece one, struct piece other) {
  double first;
  double second;
  int first_class = class_of(one, &first);
  int second_class = class_of(other, &second);
  if (first_class != second_class) return first_class < second_class ? -1 : 1;
  if (first_class != 2) return 0;
  return first < second ? -1 : first > second;
}

static int month_of(struct piece piece) {
  static const char months[] = "JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC";
  while (piece.length > 0 && isblank((unsigned char)*piece.text)) {
    piece.text += 1;
    piece.length -= 1;
  }
  for (int month = 0; month < 12 && piece.length >= 3; month += 1) {
    if (strncasecmp(piece.text, months + 3 * month, 3) == 0) return month + 1;
  }
  return 0;
}

// In names of versions: ~ before the end, the end before letters, letters before the rest.
static int version_rank(struct piece piece, size_t at) {
  if (at >= piece.length) return 0;
  unsigned char byte = (unsigned char)piece.text[at];
  if (isdigit(byte)) return 0;
  if (isalpha(byte)) return byte;
  return byte == '~' ? -1 : byte + 256;
}

static bool is_digit_at(struct piece piece, size_t at) {
  return at < piece.length && isdigit((unsigned char)piece.text[at]);
}

// The numbers at the two places, which move behind them.
static int compare_digits(struct piece one, size_t *first, struct piece other, size_t *second) {
  while (*first < one.length && one.text[*first] == '0') *first += 1;
  while (*second < other.length && other.text[*second] == '0') *second += 1;
  int difference = 0;
  while (is_digit_at(one, *first) && is_digit_at(other, *second)) {
    if (difference == 0) difference = one.text[*first] - other.text[*second];
    *first += 1;
    *second += 1;
  }
  if (is_digit_at(one, *first)) return 1;
  return is_digit_at(other, *second) ? -1 : difference;
}

static int compare_versions(struct piece one, struct piece other) {
  size_t first = 0;
  size_t second = 0;
  while (first < one.length || second < other.length) {
    while ((first < one.length && !is_digit_at(one, first)) ||
           (second < other.length && !is_digit_at(other, second))) {
      int difference = version_rank(one, first) - version_rank(other, second);
      if (difference != 0) return difference;
      first += 1;
      second += 1;
    }
    int difference = compare_digits(one, &first, other, &second);
    if (difference != 0) return difference;
  }
  return 0;
}

int sort_compare_pieces(enum order order, struct piece one, struct piece other) {
  switch (order) {
    case ORDER_NUMERIC: {
      struct decimal first = decimal_of(one);
      struct decimal second = decimal_of(other);
      return compare_decimals(&first, &second);
    }
    case ORDER_GENERAL: return compare_general(one, other);
    case ORDER_HUMAN: return compare_human(one, other);
    case ORDER_MONTH: return month_of(one) - month_of(other);
    default: return compare_versions(one, other);
  }
}

// The whole part, up to 18 digits of it.
static uint64_t numeric_rank(struct piece piece) {
  struct decimal decimal = decimal_of(piece);
  uint64_t value = 0;
  if (decimal.whole_length > 18) value = (uint64_t)1 << 62;
  else for (size_t at = 0; at < decimal.whole_length; at += 1) {
    value = value * 10 + (uint64_t)(decimal.whole[at] - '0');
  }
  uint64_t middle = (uint64_t)1 << 63;
  return decimal.negative ? middle - value : middle + value;
}

static uint64_t general_rank(struct piece piece) {
  double value;
  uint64_t bits;
  int class = class_of(piece, &value);
  if (class != 2) return (uint64_t)class;
  if (value == 0) value = 0;
  memcpy(&bits, &value, sizeof bits);
  // So that larger numbers have larger bits; nothing is as low as the classes.
  bits = (bits >> 63) != 0 ? ~bits : bits | (uint64_t)1 << 63;
  return bits < 2 ? 2 : bits;
}

uint64_t sort_rank(enum order order, struct piece piece) {
  switch (order) {
    case ORDER_NUMERIC: return numeric_rank(piece);
    case ORDER_GENERAL: return general_rank(piece);
    case ORDER_MONTH: return (uint64_t)month_of(piece);
    default: return 0;
  }
}
