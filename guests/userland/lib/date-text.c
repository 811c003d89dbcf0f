#include "date-text.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

// What has been read so far.
struct reading {
  const char *at;
  struct tm tm;
  long nanoseconds;
  bool has_date, has_time, has_zone;
  int zone;           // seconds east of UTC
  bool is_epoch;
  int64_t epoch;
  int64_t months, days, seconds;  // to add
  int64_t last_count;             // the last relative item, for "ago"
  int64_t *last_field;
};

static const char *const MONTHS[] = {
  "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
  "november", "december",
};
static const char *const DAYS[] = {"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"};

// A name in full or its first three letters; -1 when it is none.
static int find_word(const char *const *words, int count, const char *word) {
  for (int index = 0; index < count; index += 1) {
    if (strcasecmp(words[index], word) == 0) return index;
    if (strlen(word) == 3 && strncasecmp(words[index], word, 3) == 0) return index;
  }
  return -1;
}

static void skip_spaces(struct reading *reading) {
  while (isspace((unsigned char)*reading->at) || *reading->at == ',') reading->at += 1;
}

// Digits, at most `most` of them; how many there were.
static int read_digits(struct reading *reading, int most, int64_t *value) {
  int count = 0;
  *value = 0;
  for (; count < most && isdigit((unsigned char)*reading->at); count += 1, reading->at += 1) {
    *value = *value * 10 + (*reading->at - '0');
  }
  return count;
}

static bool read_word(struct reading *reading, char *word, size_t room) {
  size_t length = 0;
  while (isalpha((unsigned char)*reading->at) && length + 1 < room) word[length++] = *reading->at++;
  word[length] = '\0';
  return length > 0 && !isalpha((unsigned char)*reading->at);
}

static void read_fraction(struct reading *reading) {
  if (*reading->at != '.' && *reading->at != ',') return;
  if (!isdigit((unsigned char)reading->at[1])) return;
  reading->at += 1;
  long unit = 100000000;
  reading->nanoseconds = 0;
  for (; isdigit((unsigned char)*reading->at); reading->at += 1, unit /= 10) {
    reading->nanoseconds += (*reading->at - '0') * unit;
  }
}

static bool set_date(struct reading *reading, int64_t year, int64_t month, int64_t day) {
  static const int LENGTHS[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (month < 1 || month > 12 || day < 1 || day > LENGTHS[month - 1] || year > 1000000) return false;
  bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  if (month == 2 && day == 29 && !leap) return false;
  reading->tm.tm_year = (int)year - 1900;
  reading->tm.tm_mon = (int)month - 1;
  reading->tm.tm_mday = (int)day;
  reading->has_date = true;
  return true;
}

// +02:00, -0530, +2
static bool read_zone(struct reading *reading) {
  int sign = *reading->at == '-' ? -1 : 1;
  reading->at += 1;
  int64_t hours, minutes = 0;
  int count = read_digits(reading, 4, &hours);
  if (count == 0) return false;
  if (count > 2) {
    minutes = hours % 100;
    hours /= 100;
  } else if (*reading->at == ':') {
    reading->at += 1;
    if (read_digits(reading, 2, &minutes) != 2) return false;
  }
  reading->has_zone = true;
  reading->zone = sign * (int)(hours * 3600 + minutes * 60);
  return hours < 25 && minutes < 60;
}

// What follows the hour: :MM[:SS[.FRACTION]] and a zone right behind it.
static bool read_time(struct reading *reading, int64_t hour) {
  int64_t minute, second = 0;
  reading->at += 1;
  if (read_digits(reading, 2, &minute) != 2) return false;
  if (*reading->at == ':') {
    reading->at += 1;
    if (read_digits(reading, 2, &second) != 2) return false;
    read_fraction(reading);
  }
  if (hour > 24 || minute > 59 || second > 60) return false;
  reading->tm.tm_hour = (int)hour;
  reading->tm.tm_min = (int)minute;
  reading->tm.tm_sec = (int)second;
  reading->has_time = true;
  return *reading->at != '+' && *reading->at != '-' ? true : read_zone(reading);
}

static bool add_unit(struct reading *reading, const char *word, int64_t count) {
  static const struct { const char *name; char field; int64_t factor; } UNITS[] = {
    {"year", 'm', 12}, {"month", 'm', 1}, {"fortnight", 'd', 14}, {"week", 'd', 7}, {"day", 'd', 1},
    {"hour", 's', 3600}, {"minute", 's', 60}, {"min", 's', 60}, {"second", 's', 1}, {"sec", 's', 1},
  };
  if (count > 1000000000000 || count < -1000000000000) return false;
  for (size_t index = 0; index < sizeof UNITS / sizeof *UNITS; index += 1) {
    size_t length = strlen(UNITS[index].name);
    if (strncasecmp(word, UNITS[index].name, length) != 0) continue;
    if (word[length] != '\0' && strcasecmp(word + length, "s") != 0) continue;
    char field = UNITS[index].field;
    reading->last_field = field == 'm' ? &reading->months : field == 'd' ? &reading->days : &reading->seconds;
    reading->last_count = count * UNITS[index].factor;
    *reading->last_field += reading->last_count;
    return true;
  }
  return false;
}

static bool read_month(struct reading *reading, int month) {
  int64_t day, year = reading->tm.tm_year + 1900;
  if (reading->has_date) return false;
  skip_spaces(reading);
  if (read_digits(reading, 2, &day) == 0) return false;
  const char *back = reading->at;
  skip_spaces(reading);
  int64_t number;
  if (read_digits(reading, 4, &number) == 4 && *reading->at != ':') year = number;
  else reading->at = back;
  return set_date(reading, year, month + 1, day);
}

static void start_of_day(struct reading *reading, int days) {
  reading->days += days;
}

static bool read_name(struct reading *reading) {
  char word[16], unit[16];
  if (!read_word(reading, word, sizeof word)) return false;
  if (strcasecmp(word, "t") == 0 && reading->has_date) return true;
  if (strcasecmp(word, "z") == 0 || strcasecmp(word, "utc") == 0 || strcasecmp(word, "gmt") == 0) {
    reading->has_zone = true;
    return true;
  }
  if (strcasecmp(word, "now") == 0 || strcasecmp(word, "today") == 0) return true;
  if (strcasecmp(word, "yesterday") == 0) return start_of_day(reading, -1), true;
  if (strcasecmp(word, "tomorrow") == 0) return start_of_day(reading, 1), true;
  if (strcasecmp(word, "ago") == 0) {
    if (reading->last_field == NULL) return false;
    *reading->last_field -= 2 * reading->last_count;
    return true;
  }
  bool next = strcasecmp(word, "next") == 0;
  if (next || strcasecmp(word, "last") == 0) {
    skip_spaces(reading);
    return read_word(reading, unit, sizeof unit) && add_unit(reading, unit, next ? 1 : -1);
  }
  int month = find_word(MONTHS, 12, word);
  if (month >= 0) return read_month(reading, month);
  return find_word(DAYS, 7, word) >= 0 || add_unit(reading, word, 1);
}

// YYYY-MM-DD, YYYY/MM/DD, MM/DD/YYYY: what follows the first number.
static bool read_rest_of_date(struct reading *reading, int64_t first, int digits) {
  char separator = *reading->at++;
  int64_t second, third = 0;
  if (read_digits(reading, 2, &second) == 0) return false;
  bool has_third = *reading->at == separator;
  if (has_third) {
    reading->at += 1;
    if (read_digits(reading, 4, &third) == 0) return false;
  }
  if (digits >= 3) return has_third && set_date(reading, first, second, third);
  if (separator != '/') return false;
  int64_t year = !has_third ? reading->tm.tm_year + 1900 : third < 69 ? third + 2000 : third < 100 ? third + 1900 : third;
  return set_date(reading, year, first, second);
}

static bool read_number(struct reading *reading) {
  const char *start = reading->at;
  int sign = 1;
  bool is_signed = *start == '+' || *start == '-';
  // The first signed number behind a time is a zone.
  if (is_signed && reading->has_time && !reading->has_zone) return read_zone(reading);
  if (is_signed) {
    sign = *start == '-' ? -1 : 1;
    reading->at += 1;
    skip_spaces(reading);
  }
  int64_t value;
  int digits = read_digits(reading, 14, &value);
  if (digits == 0) return false;
  if (!is_signed && digits <= 2 && *reading->at == ':') return read_time(reading, value);
  if (!is_signed && (*reading->at == '-' || *reading->at == '/')) return read_rest_of_date(reading, value, digits);
  if (!is_signed && digits == 8) return set_date(reading, value / 10000, value / 100 % 100, value % 100);
  skip_spaces(reading);
  char word[16];
  if (!read_word(reading, word, sizeof word)) return false;
  int month = is_signed ? -1 : find_word(MONTHS, 12, word);
  if (month < 0) return add_unit(reading, word, sign * value);
  int64_t year;
  skip_spaces(reading);
  if (read_digits(reading, 4, &year) != 4) year = reading->tm.tm_year + 1900;
  return set_date(reading, year, month + 1, value);
}

static bool read_epoch(struct reading *reading) {
  reading->at += 1;
  int sign = *reading->at == '-' ? -1 : 1;
  if (*reading->at == '-' || *reading->at == '+') reading->at += 1;
  if (read_digits(reading, 17, &reading->epoch) == 0) return false;
  reading->epoch *= sign;
  reading->is_epoch = true;
  reading->nanoseconds = 0;
  read_fraction(reading);
  if (sign < 0 && reading->nanoseconds > 0) {
    reading->epoch -= 1;
    reading->nanoseconds = 1000000000 - reading->nanoseconds;
  }
  return true;
}

static bool finish(struct reading *reading, struct timespec *moment) {
  if (reading->is_epoch) {
    moment->tv_sec = (time_t)(reading->epoch + reading->days * 86400 + reading->seconds);
    moment->tv_nsec = reading->nanoseconds;
    return reading->months == 0;
  }
  struct tm tm = reading->tm;
  if (reading->has_date && !reading->has_time) tm.tm_hour = tm.tm_min = tm.tm_sec = 0;
  if (reading->months > 10000000 || reading->months < -10000000) return false;
  if (reading->days > 100000000 || reading->days < -100000000) return false;
  tm.tm_mon += (int)reading->months;
  tm.tm_mday += (int)reading->days;
  tm.tm_isdst = -1;
  time_t base = reading->has_zone ? timegm(&tm) - reading->zone : mktime(&tm);
  moment->tv_sec = base + (time_t)reading->seconds;
  moment->tv_nsec = reading->has_date || reading->has_time ? (reading->has_time ? reading->nanoseconds : 0) : moment->tv_nsec;
  return true;
}

bool parse_date(const char *text, struct timespec now, struct timespec *moment) {
  struct reading reading = {.at = text};
  localtime_r(&now.tv_sec, &reading.tm);
  moment->tv_nsec = now.tv_nsec;
  skip_spaces(&reading);
  // No words at all is the day's beginning.
  if (*reading.at == '\0') {
    reading.has_date = true;
    return finish(&reading, moment);
  }
  while (*reading.at != '\0') {
    bool good = *reading.at == '@'                          ? read_epoch(&reading)
                : isalpha((unsigned char)*reading.at)       ? read_name(&reading)
                : isdigit((unsigned char)*reading.at) || *reading.at == '+' || *reading.at == '-' ? read_number(&reading)
                                                            : false;
    if (!good) return false;
    skip_spaces(&reading);
  }
  return finish(&reading, moment);
}

static int two(const char *digits) { return (digits[0] - '0') * 10 + (digits[1] - '0'); }

bool parse_stamp(const char *text, time_t now, time_t *moment) {
  size_t length = strspn(text, "0123456789");
  struct tm tm = {0};
  localtime_r(&now, &tm);
  if (length != 8 && length != 10 && length != 12) return false;
  int century = length == 12 ? two(text) * 100 : 0;
  if (length == 12) text += 2;
  if (length >= 10) {
    int year = two(text);
    text += 2;
    if (length == 10) century = year < 69 ? 2000 : 1900;
    tm.tm_year = century + year - 1900;
  }
  tm.tm_mon = two(text) - 1;
  tm.tm_mday = two(text + 2);
  tm.tm_hour = two(text + 4);
  tm.tm_min = two(text + 6);
  tm.tm_sec = 0;
  text += 8;
  if (*text == '.') {
    if (strspn(text + 1, "0123456789") != 2 || text[3] != '\0') return false;
    tm.tm_sec = two(text + 1);
  } else if (*text != '\0') {
    return false;
  }
  if (tm.tm_mon < 0 || tm.tm_mon > 11 || tm.tm_mday < 1 || tm.tm_mday > 31) return false;
  if (tm.tm_hour > 23 || tm.tm_min > 59 || tm.tm_sec > 60) return false;
  tm.tm_isdst = -1;
  *moment = mktime(&tm);
  return true;
}
