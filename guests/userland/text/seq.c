// seq: numbers from a first to a last one.
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/message.h"
#include "lib/options.h"
#include "lib/writer.h"

static const struct option NAMES[] = {{"separator", required_argument, NULL, 's'},
                                      {"format", required_argument, NULL, 'f'},
                                      {"equal-width", no_argument, NULL, 'w'},
                                      {NULL, 0, NULL, 0}};
// The plus: what looks like an option behind the first operand is a negative number.
static const struct options OPTIONS = {"[-w] [-s TEXT] [-f FORMAT] [FIRST [STEP]] LAST", "+s:f:w",
                                       NAMES, 1};

struct number {
  double value;
  int64_t whole;
  bool is_whole;
  int decimals;
  int width;
};

struct sequence {
  struct number first;
  struct number step;
  struct number last;
  const char *separator;
  const char *format;
  bool equal_width;
};

static bool read_number(const char *text, struct number *number) {
  char *end;
  number->value = strtod(text, &end);
  if (end == text || *end != '\0' || isspace((unsigned char)*text) || isnan(number->value)) {
    message("invalid floating point argument: '%s'", text);
    return false;
  }
  const char *point = strchr(text, '.');
  bool plain = text[strcspn(text, "eExXpPiI")] == '\0';
  number->decimals = point != NULL && plain ? (int)strlen(point + 1) : 0;
  number->width = (int)strlen(*text == '+' ? text + 1 : text);
  errno = 0;
  number->whole = plain && point == NULL ? strtoll(text, NULL, 10) : 0;
  number->is_whole = plain && point == NULL && errno == 0;
  return true;
}

// Digits of a whole number, the last at `end`; where they start.
static char *digits_before(char *end, int64_t value, int width) {
  uint64_t left = value < 0 ? -(uint64_t)value : (uint64_t)value;
  char *at = end;
  do *--at = (char)('0' + left % 10); while ((left /= 10) > 0);
  while (end - at < width - (value < 0)) *--at = '0';
  if (value < 0) *--at = '-';
  return at;
}

static void whole_numbers(const struct sequence *sequence, int width) {
  enum { ROOM = 512 };
  char text[ROOM];
  size_t length = strlen(sequence->separator);
  int64_t step = sequence->step.whole;
  int64_t last = sequence->last.whole;
  if (width > ROOM - 2) width = ROOM - 2;
  for (int64_t value = sequence->first.whole; step > 0 ? value <= last : value >= last;) {
    char *start = digits_before(text + ROOM, value, width);
    if (value != sequence->first.whole) writer_put(&out, sequence->separator, length);
    writer_put(&out, start, (size_t)(text + ROOM - start));
    // Past the last of all numbers there is none.
    if (__builtin_add_overflow(value, step, &value)) break;
  }
  if (step > 0 ? sequence->first.whole <= last : sequence->first.whole >= last) writer_byte(&out, '\n');
}

static void fractions(const struct sequence *sequence, const char *format, int width, int decimals) {
  double step = sequence->step.value;
  double last = sequence->last.value;
  // So that 0.1 ten times is 1.
  double slack = fabs(step) * 1e-9;
  bool some = false;
  for (double index = 0;; index += 1) {
    double value = sequence->first.value + index * step;
    if (step > 0 ? value > last + slack : value < last - slack) break;
    if (some) writer_text(&out, sequence->separator);
    some = true;
    if (format == NULL) {
      writer_format(&out, "%0*.*f", width, decimals, value);
      continue;
    }
    // The format was checked: one conversion of a double.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    writer_format(&out, format, value);
#pragma GCC diagnostic pop
  }
  if (some) writer_byte(&out, '\n');
}

// Whether there is one conversion in it, and that of a double.
static bool format_good(const char *format) {
  int conversions = 0;
  for (const char *at = format; *at != '\0'; at += 1) {
    if (*at != '%') continue;
    if (at[1] == '%') {
      at += 1;
      continue;
    }
    at += 1 + strspn(at + 1, "-+ #0'");
    size_t width = strspn(at, "0123456789");
    at += width;
    size_t precision = *at == '.' ? 1 + strspn(at + 1, "0123456789") : 0;
    at += precision;
    if (*at == '\0' || strchr("efgaEFGA", *at) == NULL || width > 4 || precision > 5) return false;
    conversions += 1;
  }
  return conversions == 1;
}

static int larger(int one, int other) { return one > other ? one : other; }

static int seq(const struct sequence *sequence) {
  const struct number *first = &sequence->first;
  const struct number *step = &sequence->step;
  const struct number *last = &sequence->last;
  int decimals = larger(first->decimals, step->decimals);
  int width = 0;
  if (sequence->equal_width) {
    // Each as wide as it is with that many decimals.
    int point = decimals > 0 ? decimals + 1 : 0;
    int wide = first->width - (first->decimals > 0 ? first->decimals + 1 : 0) + point;
    int other = last->width - (last->decimals > 0 ? last->decimals + 1 : 0) + point;
    width = larger(wide, other);
  }
  bool whole = first->is_whole && step->is_whole && last->is_whole && sequence->format == NULL;
  if (whole) whole_numbers(sequence, width);
  else fractions(sequence, sequence->format, width, decimals);
  return writer_finish(0);
}

int seq_main(int argc, char **argv) {
  struct sequence sequence = {.separator = "\n"};
  int option;
  // A negative number in front is no option.
  while (optind < argc && !(argv[optind][0] == '-' && strchr(".0123456789", argv[optind][1]) != NULL &&
                            argv[optind][1] != '\0')) {
    option = next_option(argc, argv, &OPTIONS);
    if (option == OPTIONS_END) break;
    if (option == OPTIONS_OVER) return options_status;
    if (option == 's') sequence.separator = optarg;
    if (option == 'f') sequence.format = optarg;
    if (option == 'w') sequence.equal_width = true;
  }
  int count = argc - optind;
  if (count < 1 || count > 3) return usage_error(&OPTIONS, count < 1 ? "missing operand" : "extra operand");
  if (sequence.format != NULL && !format_good(sequence.format)) {
    message("format '%s' must have one conversion of a floating point number", sequence.format);
    return 1;
  }
  const char *first = count > 1 ? argv[optind] : "1";
  const char *step = count > 2 ? argv[optind + 1] : "1";
  if (!read_number(first, &sequence.first) || !read_number(step, &sequence.step) ||
      !read_number(argv[argc - 1], &sequence.last)) return 1;
  if (sequence.step.value == 0) {
    message("invalid Zero increment value: '%s'", step);
    return 1;
  }
  return seq(&sequence);
}
