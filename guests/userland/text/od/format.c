#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/writer.h"
#include "text/od/od.h"

static const char *const NAMES[] = {"nul", "soh", "stx", "etx", "eot", "enq", "ack", "bel", "bs", "ht", "nl",
                                    "vt", "ff", "cr", "so", "si", "dle", "dc1", "dc2", "dc3", "dc4", "nak",
                                    "syn", "etb", "can", "em", "sub", "esc", "fs", "gs", "rs", "us", "sp"};

// Digits of the largest number of so many bytes, and a blank.
static int width_of(char type, int size) {
  static const char decimal[] = {0, 3, 5, 0, 10, 0, 0, 0, 20};
  switch (type) {
    case 'a':
    case 'c': return 4;
    case 'o': return (size * 8 + 2) / 3 + 1;
    case 'x': return size * 2 + 1;
    case 'u': return decimal[size] + 1;
    case 'd': return decimal[size] + (size == 8 ? 1 : 2);
    default: return size == 4 ? 16 : 25;
  }
}

// The size behind a type: a letter or a number; the type's default without.
static const char *read_size(const char *at, char type, int *size) {
  static const char letters[] = "CSILFD";
  static const char sizes[] = {1, 2, 4, 8, 4, 8};
  *size = type == 'f' ? 8 : 4;
  const char *letter = *at == '\0' ? NULL : strchr(letters, *at);
  if (letter != NULL) {
    *size = sizes[letter - letters];
    return at + 1;
  }
  if (!isdigit((unsigned char)*at)) return at;
  *size = *at - '0';
  return at + 1;
}

bool od_add_formats(struct formats *formats, const char *type) {
  while (*type != '\0') {
    char letter = *type++;
    int size = 1;
    if (strchr("acdoufx", letter) == NULL || formats->count == FORMATS) return false;
    if (letter != 'a' && letter != 'c') type = read_size(type, letter, &size);
    bool known = size == 4 || size == 8 || (letter != 'f' && (size == 1 || size == 2));
    if (!known) return false;
    bool text = *type == 'z';
    if (text) type += 1;
    formats->list[formats->count++] = (struct format){letter, size, width_of(letter, size), text};
  }
  return true;
}

static void print_character(unsigned char byte, int width) {
  static const char escaped[] = "\0\a\b\f\n\r\t\v";
  static const char letters[] = "0abfnrtv";
  const char *found = memchr(escaped, byte, sizeof escaped - 1);
  char text[8];
  if (found != NULL) snprintf(text, sizeof text, "\\%c", letters[found - escaped]);
  else snprintf(text, sizeof text, byte < 0x80 && isprint(byte) ? "%c" : "%03o", byte);
  writer_format(&out, "%*s", width, text);
}

static void print_name(unsigned char byte, int width) {
  byte &= 0x7F;
  if (byte == 0x7F) writer_format(&out, "%*s", width, "del");
  else if (byte <= ' ') writer_format(&out, "%*s", width, NAMES[byte]);
  else writer_format(&out, "%*c", width, byte);
}

static uint64_t number_at(const unsigned char *bytes, int size) {
  uint64_t value = 0;
  for (int at = size - 1; at >= 0; at -= 1) value = value << 8 | bytes[at];
  return value;
}

// With the fewest digits that are this number and no other.
static void print_float(const struct format *format, const unsigned char *bytes, int width) {
  char text[40];
  float small = 0;
  double value = 0;
  bool is_small = format->size == 4;
  if (is_small) memcpy(&small, bytes, sizeof small);
  else memcpy(&value, bytes, sizeof value);
  // Numbers near zero have less.
  int digits = 1;
  for (; digits < (is_small ? 9 : 17); digits += 1) {
    snprintf(text, sizeof text, "%.*g", digits, is_small ? (double)small : value);
    if (is_small ? strtof(text, NULL) == small : strtod(text, NULL) == value) break;
  }
  writer_format(&out, "%*.*g", width, digits, is_small ? (double)small : value);
}

void od_print(const struct format *format, const unsigned char *bytes, int width) {
  unsigned long long value = number_at(bytes, format->size);
  int digits = format->width - 1;
  int unused = 64 - format->size * 8;
  switch (format->type) {
    case 'a': print_name(*bytes, width); break;
    case 'c': print_character(*bytes, width); break;
    case 'o': writer_format(&out, "%*s%0*llo", width - digits, "", digits, value); break;
    case 'x': writer_format(&out, "%*s%0*llx", width - digits, "", digits, value); break;
    case 'u': writer_format(&out, "%*llu", width, value); break;
    case 'd': writer_format(&out, "%*lld", width, (long long)(value << unused) >> unused); break;
    default: print_float(format, bytes, width); break;
  }
}
