#include "format.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/bytes.h"
#include "lib/message.h"

enum { WIDEST = 1 << 24, FLAGS = 8 };

struct spec {
  char flags[FLAGS];
  size_t flag_count;
  int width;
  int precision;  // -1: none
  char letter;
};

struct job {
  const char *at;
  const char *end;
  struct value *values;
  size_t left;
  const char *convert;
  struct bytes *to;
};

static struct value *next_value(struct job *job) {
  static struct value none;
  none = (struct value){VALUE_NONE, 0, NULL};
  if (job->left == 0) return &none;
  job->left -= 1;
  return job->values++;
}

static int limited(double number) {
  if (fabs(number) <= WIDEST) return (int)number;
  message("a width or precision in a format is too large");
  exit(2);
}

// Digits or a star; `*given` tells whether there was anything.
static int read_number(struct job *job, bool *given) {
  *given = true;
  if (job->at < job->end && *job->at == '*') {
    job->at += 1;
    return limited(value_to_number(next_value(job)));
  }
  double number = 0;
  const char *start = job->at;
  for (; job->at < job->end && isdigit((unsigned char)*job->at); job->at += 1) number = number * 10 + (*job->at - '0');
  *given = job->at > start;
  return limited(number);
}

static void add_flag(struct spec *spec, char flag) {
  if (memchr(spec->flags, flag, spec->flag_count) == NULL && spec->flag_count < FLAGS) {
    spec->flags[spec->flag_count++] = flag;
  }
}

// Behind the %. False when the format ends in it.
static bool read_spec(struct job *job, struct spec *spec) {
  bool given;
  *spec = (struct spec){.precision = -1};
  for (; job->at < job->end && *job->at != '\0' && strchr("-+ #0", *job->at) != NULL; job->at += 1) {
    add_flag(spec, *job->at);
  }
  spec->width = read_number(job, &given);
  if (spec->width < 0) {
    add_flag(spec, '-');
    spec->width = -spec->width;
  }
  if (job->at < job->end && *job->at == '.') {
    job->at += 1;
    spec->precision = read_number(job, &given);
    if (spec->precision < 0) spec->precision = -1;
  }
  while (job->at < job->end && *job->at != '\0' && strchr("hlLqjzt", *job->at) != NULL) job->at += 1;
  if (job->at >= job->end) return false;
  spec->letter = *job->at++;
  return true;
}

static void add_padded(const struct spec *spec, struct bytes *to, const char *text, size_t length) {
  size_t blanks = (size_t)spec->width > length ? (size_t)spec->width - length : 0;
  bool left = memchr(spec->flags, '-', spec->flag_count) != NULL;
  if (!left) bytes_repeat(to, ' ', blanks);
  bytes_add(to, text, length);
  if (left) bytes_repeat(to, ' ', blanks);
}

static void build(const struct spec *spec, const char *size, char letter, char *format) {
  *format++ = '%';
  memcpy(format, spec->flags, spec->flag_count);
  format += spec->flag_count;
  strcpy(format, "*.*");
  strcat(format, size);
  format += strlen(format);
  *format++ = letter;
  *format = '\0';
}

// The formats are built from a checked letter and flags.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#define ADD_NUMBER(size, letter, number)                                                       \
  do {                                                                                         \
    build(spec, size, letter, format);                                                         \
    int length = snprintf(NULL, 0, format, spec->width, spec->precision, number);              \
    if (length < 0) return;                                                                    \
    bytes_reserve(to, (size_t)length);                                                         \
    snprintf(to->data + to->length, (size_t)length + 1, format, spec->width, spec->precision, number); \
    to->length += (size_t)length;                                                              \
  } while (0)

static void add_double(const struct spec *spec, struct bytes *to, char letter, double number) {
  char format[32];
  ADD_NUMBER("", letter, number);
}

static void add_whole(struct spec *spec, struct bytes *to, double number) {
  char format[32];
  bool is_signed = spec->letter == 'd' || spec->letter == 'i';
  if (isnan(number) || isinf(number)) {
    const char *name = isnan(number) ? "nan" : number < 0 ? "-inf" : "inf";
    add_padded(spec, to, name, strlen(name));
    return;
  }
  number = number < 0 ? ceil(number) : floor(number);
  if (!is_signed && number >= 0 && number < 18446744073709551616.0) {
    ADD_NUMBER("ll", spec->letter, (unsigned long long)number);
  } else if (number >= -9223372036854775808.0 && number < 9223372036854775808.0) {
    ADD_NUMBER("ll", 'd', (long long)number);
  } else {
    spec->precision = 0;
    ADD_NUMBER("", 'f', number);
  }
}
#pragma GCC diagnostic pop

static void add_character(const struct spec *spec, struct bytes *to, struct value *value) {
  value_resolve(value);
  if (value->kind == VALUE_TEXT) {
    add_padded(spec, to, value->text->bytes, value->text->length > 0 ? 1 : 0);
    return;
  }
  double number = value_to_number(value);
  char byte = (char)(unsigned char)(fabs(number) < 1e15 ? (long long)number : 0);
  add_padded(spec, to, &byte, 1);
}

static void add_text(const struct spec *spec, struct job *job, struct value *value) {
  struct text *text = value_to_text(value, job->convert);
  size_t length = text->length;
  if (spec->precision >= 0 && (size_t)spec->precision < length) length = (size_t)spec->precision;
  add_padded(spec, job->to, text->bytes, length);
  text_drop(text);
}

static void add_conversion(struct job *job) {
  const char *start = job->at - 1;
  struct spec spec;
  if (!read_spec(job, &spec)) {
    bytes_add(job->to, start, (size_t)(job->end - start));
    return;
  }
  switch (spec.letter) {
    case '%': bytes_byte(job->to, '%'); break;
    case 'c': add_character(&spec, job->to, next_value(job)); break;
    case 's': add_text(&spec, job, next_value(job)); break;
    case 'd':
    case 'i':
    case 'o':
    case 'x':
    case 'X':
    case 'u': add_whole(&spec, job->to, value_to_number(next_value(job))); break;
    case 'a':
    case 'A':
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G': add_double(&spec, job->to, spec.letter, value_to_number(next_value(job))); break;
    default: bytes_add(job->to, start, (size_t)(job->at - start)); break;
  }
}

struct text *format_text(const char *format, size_t length, struct value *values, size_t count,
                         const char *convert) {
  struct bytes to = BYTES_NONE;
  // A CONVFMT that converts to text would go round in circles.
  struct job job = {format, format + length, values, count, convert == format ? "%.6g" : convert, &to};
  bytes_clear(&to);
  while (job.at < job.end) {
    const char *percent = memchr(job.at, '%', (size_t)(job.end - job.at));
    const char *stop = percent == NULL ? job.end : percent;
    bytes_add(&to, job.at, (size_t)(stop - job.at));
    if (percent == NULL) break;
    job.at = percent + 1;
    add_conversion(&job);
  }
  struct text *text = text_new(to.data, to.length);
  bytes_free(&to);
  return text;
}
