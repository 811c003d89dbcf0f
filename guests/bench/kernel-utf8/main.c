// Builds text in a growing buffer and decodes it: UTF-8 of all lengths, refused sequences, words
// counted. Branches by bytes, realloc.
#include "kernel.h"

#define CHARACTERS 20000
#define INVALID 0xfffd

typedef struct {
  uint8_t *bytes;
  size_t length, room;
} Text;

static void append(Text *text, uint32_t byte) {
  if (text->length == text->room) {
    text->room = text->room ? 2 * text->room : 16;
    text->bytes = realloc(text->bytes, text->room);
  }
  text->bytes[text->length++] = (uint8_t)byte;
}

static NOINLINE void encode(Text *text, uint32_t c) {
  if (c < 0x80) {
    append(text, c);
  } else if (c < 0x800) {
    append(text, 0xc0 | c >> 6);
    append(text, 0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    append(text, 0xe0 | c >> 12);
    append(text, 0x80 | (c >> 6 & 0x3f));
    append(text, 0x80 | (c & 0x3f));
  } else {
    append(text, 0xf0 | c >> 18);
    append(text, 0x80 | (c >> 12 & 0x3f));
    append(text, 0x80 | (c >> 6 & 0x3f));
    append(text, 0x80 | (c & 0x3f));
  }
}

/** One character; an impossible sequence is INVALID and one byte long. */
static inline uint32_t decode(const uint8_t *at, const uint8_t *end, int *length) {
  static const uint32_t SMALLEST[] = {0, 0, 0x80, 0x800, 0x10000};
  uint32_t first = *at;
  *length = 1;
  if (first < 0x80) return first;
  int count = first >= 0xf8 ? 0 : first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 0;
  if (count == 0 || end - at < count) return INVALID;
  uint32_t c = first & (0x7f >> count);
  for (int i = 1; i < count; i++) {
    if ((at[i] & 0xc0) != 0x80) return INVALID;
    c = c << 6 | (at[i] & 0x3f);
  }
  if (c < SMALLEST[count] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000)) return INVALID;
  *length = count;
  return c;
}

static uint32_t random_character(void) {
  uint32_t die = next_random() % 16;
  if (die < 9) return "etaoinshrdlu "[next_random() % 13];
  if (die < 12) return 0x80 + next_random() % 0x700;
  if (die < 15) return 0x4e00 + next_random() % 0x4000;
  return 0x1f300 + next_random() % 0x300;
}

static NOINLINE uint32_t read_through(const Text *text) {
  const uint8_t *end = text->bytes + text->length;
  uint32_t sum = 0, words = 0, refused = 0;
  int length, inside = 0;
  for (const uint8_t *at = text->bytes; at < end; at += length) {
    uint32_t c = decode(at, end, &length);
    refused += c == INVALID;
    if (c != ' ' && !inside) words++;
    inside = c != ' ';
    sum = mix(sum, c);
  }
  return mix(mix(sum, words), refused);
}

uint32_t run(int n) {
  uint32_t sum = 0;
  for (int round = 0; round < n; round++) {
    Text text = {0};
    seed = (uint32_t)round + 51;
    for (int i = 0; i < CHARACTERS; i++) {
      encode(&text, random_character());
      if (i % 100 == 99) append(&text, 0x80 | (uint32_t)i % 0x7f);
    }
    sum = mix(sum, read_through(&text));
    free(text.bytes);
  }
  return sum;
}
