// Questions to a text kept as rows of bits (a wavelet matrix): how often, where, which is the middle
// one; and a Bloom filter before them. Counts of bits, the n-th bit of a word, 64-bit mixing.
#include "kernel.h"

#define LENGTH 4096
#define LEVELS 8
#define WORDS (LENGTH / 64 + 1)
#define FILTER_BITS 16384
#define PROBES 4
#define QUESTIONS 1000

typedef struct {
  uint64_t bits[WORDS];
  /** How many bits are set before each word. */
  uint16_t before[WORDS];
  uint32_t zeros;
} Row;

static Row rows[LEVELS];
static uint8_t text[LENGTH];
static uint64_t filter[FILTER_BITS / 64];

static inline uint32_t ones_before(const Row *row, uint32_t at) {
  uint64_t below = row->bits[at / 64] & ((1ull << at % 64) - 1);
  return row->before[at / 64] + (uint32_t)__builtin_popcountll(below);
}

/** Where that many bits of a word are set below: halves are counted and left out. */
static inline uint32_t nth_bit(uint64_t word, uint32_t nth) {
  uint32_t at = 0;
  for (uint32_t width = 32; width > 0; width /= 2) {
    uint64_t low = word & ((1ull << width) - 1);
    uint32_t ones = (uint32_t)__builtin_popcountll(low);
    int is_above = nth >= ones;
    nth -= is_above ? ones : 0;
    at += is_above ? width : 0;
    word = is_above ? word >> width : low;
  }
  return at;
}

/** Where the one, or the zero, is that has that many before it. */
static NOINLINE uint32_t position(const Row *row, uint32_t nth, int bit) {
  uint32_t low = 0, high = WORDS - 1;
  while (low + 1 < high) {
    uint32_t middle = (low + high) / 2;
    uint32_t before = bit ? row->before[middle] : middle * 64 - row->before[middle];
    if (before <= nth) low = middle;
    else high = middle;
  }
  uint32_t before = bit ? row->before[low] : low * 64 - row->before[low];
  return low * 64 + nth_bit(bit ? row->bits[low] : ~row->bits[low], nth - before);
}

/** Row after row, from the highest bit on, bytes with a zero go to the front and keep their order. */
static NOINLINE void build(void) {
  static uint8_t from[LENGTH], to[LENGTH];
  memcpy(from, text, sizeof from);
  memset(rows, 0, sizeof rows);
  for (int level = 0; level < LEVELS; level++) {
    Row *row = &rows[level];
    int shift = LEVELS - 1 - level;
    for (uint32_t i = 0; i < LENGTH; i++) row->bits[i / 64] |= (uint64_t)(from[i] >> shift & 1) << i % 64;
    for (uint32_t i = 1; i < WORDS; i++) {
      row->before[i] = (uint16_t)(row->before[i - 1] + __builtin_popcountll(row->bits[i - 1]));
    }
    row->zeros = LENGTH - row->before[WORDS - 1];
    uint32_t zero = 0, one = row->zeros;
    for (uint32_t i = 0; i < LENGTH; i++) to[from[i] >> shift & 1 ? one++ : zero++] = from[i];
    memcpy(from, to, sizeof from);
  }
}

static NOINLINE uint8_t byte_at(uint32_t at) {
  uint32_t byte = 0;
  for (int level = 0; level < LEVELS; level++) {
    const Row *row = &rows[level];
    uint32_t bit = row->bits[at / 64] >> at % 64 & 1, ones = ones_before(row, at);
    at = bit ? row->zeros + ones : at - ones;
    byte = byte << 1 | bit;
  }
  return (uint8_t)byte;
}

/** How often the byte is there before a place. */
static NOINLINE uint32_t occurrences(uint8_t byte, uint32_t end) {
  uint32_t start = 0;
  for (int level = 0; level < LEVELS; level++) {
    const Row *row = &rows[level];
    uint32_t first = ones_before(row, start), last = ones_before(row, end);
    int bit = byte >> (LEVELS - 1 - level) & 1;
    start = bit ? row->zeros + first : start - first;
    end = bit ? row->zeros + last : end - last;
  }
  return end - start;
}

/** Where the byte is for the n-th time: down to where all of its kind lie, and up again. */
static NOINLINE uint32_t find(uint8_t byte, uint32_t nth) {
  uint32_t at = 0;
  for (int level = 0; level < LEVELS; level++) {
    uint32_t ones = ones_before(&rows[level], at);
    at = byte >> (LEVELS - 1 - level) & 1 ? rows[level].zeros + ones : at - ones;
  }
  at += nth;
  for (int level = LEVELS - 1; level >= 0; level--) {
    int bit = byte >> (LEVELS - 1 - level) & 1;
    at = position(&rows[level], bit ? at - rows[level].zeros : at, bit);
  }
  return at;
}

/** The byte that would be the n-th from `start` to `end` if they were sorted. */
static NOINLINE uint8_t nth_least(uint32_t start, uint32_t end, uint32_t nth) {
  uint32_t byte = 0;
  for (int level = 0; level < LEVELS; level++) {
    const Row *row = &rows[level];
    uint32_t first = ones_before(row, start), last = ones_before(row, end);
    uint32_t zeros = (end - last) - (start - first);
    int bit = nth >= zeros;
    if (bit) nth -= zeros;
    start = bit ? row->zeros + first : start - first;
    end = bit ? row->zeros + last : end - last;
    byte = byte << 1 | (uint32_t)bit;
  }
  return (uint8_t)byte;
}

static inline uint64_t scramble(uint64_t key) {
  key = (key ^ key >> 31) * 0x9E3779B97F4A7C15u;
  key = (key ^ key >> 29) * 0xD6E8FEB86659FD93u;
  return key ^ key >> 32;
}

/** Whether all the key's bits were set before; they are after it. */
static NOINLINE int note(uint64_t key) {
  uint64_t hash = scramble(key), step = scramble(hash) | 1;
  uint64_t all = 1;
  for (int i = 0; i < PROBES; i++, hash += step) {
    uint64_t at = hash % FILTER_BITS;
    all &= filter[at / 64] >> at % 64;
    filter[at / 64] |= 1ull << at % 64;
  }
  return (int)(all & 1);
}

/** Few bytes often and the others seldom. */
static void make_text(void) {
  for (uint32_t i = 0; i < LENGTH; i++) {
    uint32_t draw = next_random();
    text[i] = (uint8_t)(draw % 4 == 0 ? draw >> 4 : 'a' + (draw >> 4) % 6 * ((draw >> 8) % 4));
  }
}

uint32_t run(int n) {
  uint32_t sum = 0;
  seed = 331;
  make_text();
  for (int round = 0; round < n; round++) {
    uint32_t known = 0;
    text[next_random() % LENGTH] ^= 1 << round % 8;
    build();
    memset(filter, 0, sizeof filter);
    for (int i = 0; i < QUESTIONS; i++) {
      uint32_t start = next_random() % LENGTH, size = 1 + next_random() % (LENGTH - start);
      uint8_t byte = byte_at(start), middle = nth_least(start, start + size, size / 2);
      uint32_t often = occurrences(byte, start);
      known += (uint32_t)note((uint64_t)byte << 32 | often / 4);
      sum = mix(mix(sum, (uint32_t)byte << 8 | middle), often);
      sum = mix(sum, find(byte, often / 2));
    }
    sum = mix(sum, known);
  }
  return sum;
}
