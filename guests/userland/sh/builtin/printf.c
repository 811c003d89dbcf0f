// printf: the format again and again, while there are arguments.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/message.h"
#include "sh/builtin/builtins.h"
#include "sh/builtin/escape.h"
#include "sh/output.h"

struct printing {
  char **next;  // the argument that comes next, up to NULL
  int status;
  bool stopped;  // by \c
};

enum { SPEC_BYTES = 64 };

static const char *next_text(struct printing *p) { return *p->next == NULL ? "" : *p->next++; }

static void check_number(struct printing *p, const char *text, const char *end) {
  if (end == text || errno == EINVAL) message("%s: expected numeric value", text);
  else if (errno == ERANGE) message("%s: %s", text, strerror(ERANGE));
  else if (*end != '\0') message("%s: not completely converted", text);
  else return;
  p->status = 1;
}

// 'c is the code of the character.
static bool is_character(const char *text) { return *text == '\'' || *text == '"'; }

static long long next_integer(struct printing *p, bool is_signed) {
  if (*p->next == NULL) return 0;
  const char *text = next_text(p);
  if (is_character(text)) return (unsigned char)text[1];
  char *end;
  errno = 0;
  long long value = is_signed ? strtoll(text, &end, 0) : (long long)strtoull(text, &end, 0);
  check_number(p, text, end);
  return value;
}

static double next_double(struct printing *p) {
  if (*p->next == NULL) return 0;
  const char *text = next_text(p);
  if (is_character(text)) return (unsigned char)text[1];
  char *end;
  errno = 0;
  double value = strtod(text, &end);
  check_number(p, text, end);
  return value;
}

// Copies flags, width and precision; * takes an argument in its place. 0, or -1: it is too long.
static int copy_spec(struct printing *p, const char **format, char *spec) {
  size_t length = 1;
  spec[0] = '%';
  while (**format != '\0' && strchr("-+ #0123456789.*", **format) != NULL) {
    if (length + 24 > SPEC_BYTES) return -1;
    if (**format == '*') {
      int value = (int)next_integer(p, true);
      length += (size_t)snprintf(spec + length, 16, "%d", value);
    } else {
      spec[length++] = **format;
    }
    *format += 1;
  }
  // Lengths of C's types mean nothing here.
  while (**format != '\0' && strchr("hlLjzt", **format) != NULL) *format += 1;
  spec[length] = '\0';
  return 0;
}

// %b: the text with its escapes read, within width and precision.
static void print_escaped(struct printing *p, const char *spec) {
  struct text text = {NULL, 0, 0, NULL};
  struct text *outer = output_capture(&text);
  if (!output_escaped(next_text(p))) p->stopped = true;
  output_capture(outer);
  if (strcmp(spec, "%") == 0) {
    output_bytes(text.data, text.length);
  } else {
    char with_s[SPEC_BYTES + 2];
    snprintf(with_s, sizeof with_s, "%ss", spec);
    output_format(with_s, text_end(&text));
  }
  text_free(&text);
}

static void convert(struct printing *p, char conversion, const char *spec) {
  char full[SPEC_BYTES + 4];
  bool integer = strchr("diouxX", conversion) != NULL;
  snprintf(full, sizeof full, "%s%s%c", spec, integer ? "ll" : "", conversion);
  if (integer) {
    output_format(full, next_integer(p, conversion == 'd' || conversion == 'i'));
  } else if (conversion == 's') {
    output_format(full, next_text(p));
  } else if (conversion == 'c') {
    const char *text = next_text(p);
    // No argument or an empty one prints nothing but the width.
    if (*text != '\0') output_format(full, *text);
  } else {
    output_format(full, next_double(p));
  }
}

// The conversion behind a %. False: it is none.
static bool print_conversion(struct printing *p, const char **format) {
  char spec[SPEC_BYTES];
  const char *start = *format;
  if (copy_spec(p, format, spec) == 0 && **format != '\0') {
    char conversion = **format;
    *format += 1;
    if (conversion == '%') {
      output_char('%');
      return true;
    }
    if (conversion == 'b') {
      print_escaped(p, spec);
      return true;
    }
    if (strchr("diouxXscaAeEfFgG", conversion) != NULL) {
      convert(p, conversion, spec);
      return true;
    }
  }
  message("%%%s: invalid directive", start);
  return false;
}

// False: printing ends.
static bool print_once(struct printing *p, const char *format) {
  while (*format != '\0' && !p->stopped) {
    char c = *format++;
    if (c == '%') {
      if (!print_conversion(p, &format)) {
        p->status = 1;
        return false;
      }
    } else if (c == '\\') {
      int byte = read_escape(&format, false);
      if (byte == -2) return false;
      if (byte < 0 && (*format == '"' || *format == '\'')) byte = (unsigned char)*format++;
      output_char(byte < 0 ? '\\' : (char)byte);
    } else {
      output_char(c);
    }
  }
  return !p->stopped;
}

int printf_main(int argc, char **argv) {
  int first = argc > 1 && strcmp(argv[1], "--") == 0 ? 2 : 1;
  if (argc <= first) {
    message("usage: printf format [argument...]");
    return 2;
  }
  struct printing p = {.next = argv + first + 1};
  char **before;
  do before = p.next;
  while (print_once(&p, argv[first]) && *p.next != NULL && p.next != before);
  return output_finish(p.status);
}
