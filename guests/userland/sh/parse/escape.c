// $'…': backslashes as in C.
#include <ctype.h>
#include <string.h>

#include "sh/parse/parser.h"

static int digit_of(int c, int base) {
  int value = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : 99;
  return value < base ? value : -1;
}

// A NUL would end the word: it is dropped.
static void number(struct input *input, struct text *text, int base, int most) {
  int value = 0;
  for (int i = 0; i < most; i += 1) {
    int digit = digit_of(input_peek_raw(input), base);
    if (digit < 0) break;
    value = value * base + digit;
    input_next_raw(input);
  }
  if ((value & 255) != 0) text_char(text, (char)value);
}

// A code point as UTF-8.
static void code_point(struct input *input, struct text *text, int most) {
  unsigned long value = 0;
  for (int i = 0; i < most; i += 1) {
    int digit = digit_of(input_peek_raw(input), 16);
    if (digit < 0) break;
    value = value * 16 + (unsigned long)digit;
    input_next_raw(input);
  }
  if (value == 0 || value > 0x10FFFF) return;
  int more = value < 0x80 ? 0 : value < 0x800 ? 1 : value < 0x10000 ? 2 : 3;
  static const unsigned char lead[] = {0, 0xC0, 0xE0, 0xF0};
  text_char(text, (char)(lead[more] | (value >> (6 * more))));
  while (more > 0) {
    more -= 1;
    text_char(text, (char)(0x80 | ((value >> (6 * more)) & 0x3F)));
  }
}

static void escape(struct input *input, struct text *text) {
  static const char names[] = "abefnrtv\\'\"?";
  static const char values[] = "\a\b\033\f\n\r\t\v\\'\"?";
  int c = input_peek_raw(input);
  if (c >= '0' && c <= '7') {
    number(input, text, 8, 3);
    return;
  }
  if (c == INPUT_END) return;
  input_next_raw(input);
  const char *named = c == '\0' ? NULL : strchr(names, c);
  if (named != NULL) {
    text_char(text, values[named - names]);
  } else if (c == 'x') {
    number(input, text, 16, 2);
  } else if (c == 'u' || c == 'U') {
    code_point(input, text, c == 'u' ? 4 : 8);
  } else if (c == 'c') {
    int control = input_next_raw(input);
    if (control != INPUT_END && (control & 31) != 0) text_char(text, (char)(control & 31));
  } else {
    text_char(text, '\\');
    text_char(text, (char)c);
  }
}

void parse_dollar_quote(struct parser *p, struct text *text) {
  for (;;) {
    int c = input_next_raw(p->input);
    if (c == '\'') return;
    if (c == INPUT_END) {
      parse_failed(p, "'");
      return;
    }
    if (c == '\\') escape(p->input, text);
    else text_char(text, (char)c);
  }
}
