// Base64 both ways, in lines of 76 as mail has it: three bytes to four and back by tables, and a
// decoder that checks what it reads.
#include "kernel.h"

#define BYTES 30000
#define LINE 76

enum { SPACE = 64, PADDING, INVALID };

static const char ALPHABET[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static uint8_t bytes[BYTES], decoded[BYTES + 3], values[256];
static char text[2 * BYTES];

static void make_values(void) {
  memset(values, INVALID, sizeof values);
  for (uint8_t i = 0; i < 64; i++) values[(uint8_t)ALPHABET[i]] = i;
  values['='] = PADDING;
  values['\r'] = values['\n'] = values[' '] = SPACE;
}

static NOINLINE size_t encode(const uint8_t *from, size_t size) {
  char *out = text;
  int column = 0;
  for (; size >= 3; size -= 3, from += 3) {
    uint32_t group = (uint32_t)from[0] << 16 | (uint32_t)from[1] << 8 | from[2];
    *out++ = ALPHABET[group >> 18];
    *out++ = ALPHABET[group >> 12 & 63];
    *out++ = ALPHABET[group >> 6 & 63];
    *out++ = ALPHABET[group & 63];
    column += 4;
    if (column == LINE) {
      *out++ = '\r';
      *out++ = '\n';
      column = 0;
    }
  }
  if (size > 0) {
    uint32_t group = (uint32_t)from[0] << 16 | (size == 2 ? (uint32_t)from[1] << 8 : 0);
    *out++ = ALPHABET[group >> 18];
    *out++ = ALPHABET[group >> 12 & 63];
    *out++ = size == 2 ? ALPHABET[group >> 6 & 63] : '=';
    *out++ = '=';
  }
  return (size_t)(out - text);
}

/** How many bytes it was, or -1: no Base64. */
static NOINLINE int decode(const char *from, size_t size) {
  uint8_t *out = decoded;
  uint32_t group = 0;
  int held = 0, padding = 0;
  for (size_t i = 0; i < size; i++) {
    uint8_t value = values[(uint8_t)from[i]];
    if (value == SPACE) continue;
    if (value == INVALID || (padding > 0 && value != PADDING)) return -1;
    padding += value == PADDING;
    group = group << 6 | (value & 63);
    if (++held < 4) continue;
    *out++ = (uint8_t)(group >> 16);
    *out++ = (uint8_t)(group >> 8);
    *out++ = (uint8_t)group;
    held = 0;
  }
  return held > 0 || padding > 2 ? -1 : (int)(out - decoded) - padding;
}

uint32_t run(int n) {
  uint32_t sum = 0;
  seed = 151;
  make_values();
  for (int i = 0; i < BYTES; i++) bytes[i] = (uint8_t)next_random();
  for (int round = 0; round < n; round++) {
    size_t size = (size_t)(BYTES - round % 100);
    bytes[round * 7 % BYTES] ^= 85;
    size_t length = encode(bytes, size);
    sum = mix(sum, (uint32_t)decode(text, length));
    sum += memcmp(bytes, decoded, size) == 0;
    for (size_t i = 0; i < length; i += 11) sum = mix(sum, (uint8_t)text[i]);
    text[length / 2] = '!';
    sum = mix(sum, (uint32_t)decode(text, length));
  }
  return sum;
}
