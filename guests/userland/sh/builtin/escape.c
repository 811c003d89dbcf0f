#include "sh/builtin/escape.h"

#include <stddef.h>
#include <string.h>

#include "sh/output.h"

static int read_octal(const char **text, int most) {
  int value = 0;
  for (int i = 0; i < most && **text >= '0' && **text <= '7'; i += 1) {
    value = value * 8 + **text - '0';
    *text += 1;
  }
  return value & 255;
}

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static int read_hex(const char **text) {
  int value = -1;
  const char *at = *text + 1;
  for (int i = 0; i < 2 && hex_digit(*at) >= 0; i += 1, at += 1) {
    value = (value < 0 ? 0 : value) * 16 + hex_digit(*at);
  }
  if (value >= 0) *text = at;
  return value;
}

int read_escape(const char **text, bool octal_needs_zero) {
  static const char names[] = "abefnrtv\\";
  static const char values[] = "\a\b\033\f\n\r\t\v\\";
  char c = **text;
  if (c >= '0' && c <= '7') {
    if (octal_needs_zero && c == '0') {
      *text += 1;
      return read_octal(text, 3);
    }
    return read_octal(text, 3);
  }
  if (c == 'x') return read_hex(text);
  if (c == 'c') return -2;
  const char *named = c == '\0' ? NULL : strchr(names, c);
  if (named == NULL) return -1;
  *text += 1;
  return (unsigned char)values[named - names];
}

bool output_escaped(const char *text) {
  while (*text != '\0') {
    if (*text != '\\') {
      output_char(*text++);
      continue;
    }
    text += 1;
    int byte = read_escape(&text, true);
    if (byte == -2) return false;
    output_char(byte < 0 ? '\\' : (char)byte);
  }
  return true;
}
