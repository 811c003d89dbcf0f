#include "value.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/memory.h"
#include "text/awk/format.h"

struct text *text_new(const char *bytes, size_t length) {
  struct text *text = must_alloc(sizeof *text + length + 1);
  text->references = 1;
  text->length = length;
  // Whoever passes NULL fills it.
  if (bytes != NULL && length > 0) memcpy(text->bytes, bytes, length);
  text->bytes[length] = '\0';
  return text;
}

struct text *text_empty(void) {
  static struct text *empty;
  if (empty == NULL) empty = text_new("", 0);
  return text_keep(empty);
}

void text_drop(struct text *text) {
  text->references -= 1;
  if (text->references == 0) free(text);
}

static const char *skip_digits(const char *at, const char *end) {
  while (at < end && isdigit((unsigned char)*at)) at += 1;
  return at;
}

// Where a decimal number ends that starts at `at`; `at` when there is none. `*plain`: digits alone.
static const char *decimal_end(const char *at, const char *end, bool *plain) {
  const char *start = at;
  const char *digits = skip_digits(at, end);
  size_t count = (size_t)(digits - at);
  *plain = count > 0 && count < 16;
  at = digits;
  if (at < end && *at == '.') {
    const char *fraction = skip_digits(at + 1, end);
    count += (size_t)(fraction - at - 1);
    at = fraction;
    *plain = false;
  }
  if (count == 0) return start;
  if (at < end && (*at == 'e' || *at == 'E')) {
    const char *exponent = at + 1;
    if (exponent < end && (*exponent == '+' || *exponent == '-')) exponent += 1;
    const char *behind = skip_digits(exponent, end);
    if (behind > exponent) {
      at = behind;
      *plain = false;
    }
  }
  return at;
}

// Signed inf and nan are numbers, by these names alone.
static const char *special_end(const char *at, const char *end, bool is_signed, double *number) {
  if (!is_signed || end - at < 3) return at;
  bool inf = strncasecmp(at, "inf", 3) == 0;
  bool nan = strncasecmp(at, "nan", 3) == 0;
  if ((!inf && !nan) || (end - at > 3 && isalnum((unsigned char)at[3]))) return at;
  *number = inf ? INFINITY : NAN;
  return at + 3;
}

double number_at_start(const char *text, size_t length, bool *whole) {
  const char *end = text + length;
  const char *at = text;
  bool plain;
  double number = 0;
  while (at < end && isspace((unsigned char)*at)) at += 1;
  bool is_signed = at < end && (*at == '-' || *at == '+');
  bool negative = is_signed && *at == '-';
  const char *start = at + is_signed;
  const char *behind = decimal_end(start, end, &plain);
  if (behind == start) {
    behind = special_end(start, end, is_signed, &number);
  } else if (plain) {
    int64_t sum = 0;
    for (const char *digit = start; digit < behind; digit += 1) sum = sum * 10 + (*digit - '0');
    number = (double)sum;
  } else {
    // A NUL ends the text, and what strtod would take for more than decimal was ruled out.
    number = strtod(start, NULL);
  }
  if (behind == start) {
    *whole = false;
    return 0;
  }
  while (behind < end && isspace((unsigned char)*behind)) behind += 1;
  *whole = behind == end;
  return negative ? -number : number;
}

void value_resolve(struct value *value) {
  if (value->kind != VALUE_INPUT) return;
  bool whole;
  value->number = number_at_start(value->text->bytes, value->text->length, &whole);
  value->kind = whole ? VALUE_BOTH : VALUE_TEXT;
}

double value_to_number(struct value *value) {
  bool whole;
  if (value->kind == VALUE_INPUT) value_resolve(value);
  if (value->kind == VALUE_TEXT) return number_at_start(value->text->bytes, value->text->length, &whole);
  return value->kind == VALUE_NONE ? 0 : value->number;
}

bool value_is_true(struct value *value) {
  value_resolve(value);
  if (value->kind == VALUE_TEXT) return value->text->length > 0;
  return value->kind != VALUE_NONE && value->number != 0;
}

static struct text *whole_to_text(int64_t number) {
  char digits[24];
  char *at = digits + sizeof digits;
  uint64_t left = number < 0 ? -(uint64_t)number : (uint64_t)number;
  do *--at = (char)('0' + left % 10); while ((left /= 10) > 0);
  if (number < 0) *--at = '-';
  return text_new(at, (size_t)(digits + sizeof digits - at));
}

struct text *number_to_text(double number, const char *format) {
  if (fabs(number) < 1e16 && number == (double)(int64_t)number) return whole_to_text((int64_t)number);
  if (isnan(number)) return signbit(number) ? text_new("-nan", 4) : text_new("nan", 3);
  if (isinf(number)) return number < 0 ? text_new("-inf", 4) : text_new("inf", 3);
  char text[400];
  // Whole numbers have all their digits, whatever the format.
  if (number == floor(number) && fabs(number) < 1e300) {
    return text_new(text, (size_t)snprintf(text, sizeof text, "%.0f", number));
  }
  struct value value = value_number(number);
  return format_text(format, strlen(format), &value, 1, format);
}

struct text *value_to_text(const struct value *value, const char *format) {
  if (value->text != NULL) return text_keep(value->text);
  return value->kind == VALUE_NONE ? text_empty() : number_to_text(value->number, format);
}
