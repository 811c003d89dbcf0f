// A byte-oriented compressor of LZ4's kind and its unpacker: hashing four bytes, comparing and
// copying runs of unknown length.
#include "kernel.h"

#define BYTES 60000
#define BITS 12
#define SHORTEST 4

static uint8_t source[BYTES + 8], packed[2 * BYTES], unpacked[BYTES + 8];

static inline uint32_t word_at(const uint8_t *at) {
  uint32_t word;
  memcpy(&word, at, sizeof word);
  return word;
}

static uint8_t *put_length(uint8_t *out, int length) {
  for (; length >= 255; length -= 255) *out++ = 255;
  *out++ = (uint8_t)length;
  return out;
}

/** A token of two halves (literals, match), longer lengths behind it, literals, distance. */
static uint8_t *put_sequence(uint8_t *out, const uint8_t *literals, int count, int distance,
                             int match) {
  int more = match - SHORTEST;
  uint8_t *token = out++;
  *token = (uint8_t)((count < 15 ? count : 15) << 4 | (more < 15 ? more : 15));
  if (count >= 15) out = put_length(out, count - 15);
  memcpy(out, literals, (size_t)count);
  out += count;
  *out++ = (uint8_t)distance;
  *out++ = (uint8_t)(distance >> 8);
  if (more >= 15) out = put_length(out, more - 15);
  return out;
}

static NOINLINE int compress(int size) {
  static int heads[1 << BITS];
  uint8_t *out = packed;
  int literal = 0;
  memset(heads, -1, sizeof heads);
  for (int i = 0; i + 12 < size;) {
    uint32_t bucket = (word_at(source + i) * 2654435761u) >> (32 - BITS);
    int from = heads[bucket];
    heads[bucket] = i;
    if (from < 0 || i - from > 65535 || word_at(source + from) != word_at(source + i)) {
      i++;
      continue;
    }
    int match = SHORTEST;
    while (i + match < size - 5 && source[from + match] == source[i + match]) match++;
    out = put_sequence(out, source + literal, i - literal, i - from, match);
    i += match;
    literal = i;
  }
  // The end: a sequence with distance 0 carries the last literals.
  out = put_sequence(out, source + literal, size - literal, 0, SHORTEST);
  return (int)(out - packed);
}

static inline int take_length(const uint8_t **from, int length) {
  if (length < 15) return length;
  int more;
  do length += more = *(*from)++;
  while (more == 255);
  return length;
}

static NOINLINE int expand(void) {
  const uint8_t *from = packed;
  uint8_t *out = unpacked;
  for (;;) {
    int token = *from++;
    int count = take_length(&from, token >> 4);
    for (int i = 0; i < count; i++) *out++ = *from++;
    int distance = from[0] | from[1] << 8;
    from += 2;
    if (distance == 0) return (int)(out - unpacked);
    int match = take_length(&from, token & 15) + SHORTEST;
    for (int i = 0; i < match; i++, out++) *out = out[-distance];
  }
}

uint32_t run(int n) {
  uint32_t sum = 0;
  seed = 21;
  for (int i = 0; i < BYTES; i++) {
    int repeats = i > 2000 && next_random() % 8 != 0;
    source[i] = repeats ? source[i - 1 - (int)(next_random() % 3) * 600]
                        : (uint8_t)"the quick brown fox"[next_random() % 19];
  }
  for (int round = 0; round < n; round++) {
    source[round % BYTES] ^= 1;
    int size = compress(BYTES);
    sum = mix(sum, (uint32_t)size);
    sum = mix(sum, (uint32_t)expand());
    sum += memcmp(source, unpacked, BYTES) == 0;
    for (int i = 0; i < size; i += 97) sum = mix(sum, packed[i]);
  }
  return sum;
}
