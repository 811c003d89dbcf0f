// Unpacks a stream of prefix codes and back references, bit by bit as DEFLATE does: short loops that
// end by their data, an inner loop that copies.
#include "kernel.h"

#define BYTES 50000
#define SYMBOLS 288
#define LONGEST 15
#define END 256
#define MATCH 257
#define BUCKETS 4096

static uint8_t source[BYTES], unpacked[BYTES];
static uint32_t stream[2 * BYTES];
static int written;

static uint8_t lengths[SYMBOLS];
static uint16_t codes[SYMBOLS], symbols[SYMBOLS], counts[LONGEST + 1];

static uint32_t held;
static int holding, reading;

static void put(uint32_t value, int bits) {
  for (int i = 0; i < bits; i++, written++) {
    if ((value >> i) & 1) stream[written >> 5] |= 1u << (written & 31);
  }
}

/** A prefix code goes out with its highest bit first. */
static void put_symbol(int symbol) {
  for (int bit = lengths[symbol] - 1; bit >= 0; bit--) put((codes[symbol] >> bit) & 1, 1);
}

static inline uint32_t take(int bits) {
  while (holding < bits) {
    held |= ((stream[reading >> 5] >> (reading & 31)) & 0xff) << holding;
    holding += 8;
    reading += 8;
  }
  uint32_t value = held & ((1u << bits) - 1);
  held >>= bits;
  holding -= bits;
  return value;
}

static NOINLINE int take_symbol(void) {
  int code = 0, first = 0, index = 0;
  for (int length = 1; length <= LONGEST; length++) {
    code |= (int)take(1);
    int count = counts[length];
    if (code - count < first) return symbols[index + (code - first)];
    index += count;
    first = (first + count) << 1;
    code <<= 1;
  }
  return END;
}

/** The fixed code of DEFLATE. */
static void make_codes(void) {
  uint16_t next[LONGEST + 1];
  int at = 0, code = 0;
  memset(counts, 0, sizeof counts);
  for (int i = 0; i < SYMBOLS; i++) {
    lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
    counts[lengths[i]]++;
  }
  for (int length = 1; length <= LONGEST; length++) {
    code = (code + (length > 1 ? counts[length - 1] : 0)) << 1;
    next[length] = (uint16_t)code;
    for (int i = 0; i < SYMBOLS; i++) {
      if (lengths[i] == length) symbols[at++] = (uint16_t)i;
    }
  }
  for (int i = 0; i < SYMBOLS; i++) codes[i] = next[lengths[i]]++;
}

static void make_source(void) {
  seed = 3;
  for (int i = 0; i < BYTES; i++) {
    int repeats = i > 1000 && next_random() % 4 != 0;
    source[i] = repeats ? source[i - 1 - (int)(next_random() % 900)]
                        : (uint8_t)"etaoin shrdlu"[next_random() % 13];
  }
}

static void pack(void) {
  static int heads[BUCKETS];
  memset(heads, -1, sizeof heads);
  memset(stream, 0, sizeof stream);
  written = 0;
  for (int i = 0; i < BYTES;) {
    int length = 0, distance = 0;
    if (i + 3 < BYTES) {
      int bucket = (source[i] * 33 * 33 + source[i + 1] * 33 + source[i + 2]) & (BUCKETS - 1);
      int from = heads[bucket];
      heads[bucket] = i;
      if (from >= 0 && i - from < 32768) {
        while (length < 200 && i + length < BYTES && source[from + length] == source[i + length]) {
          length++;
        }
        distance = i - from;
      }
    }
    if (length >= 4) {
      put_symbol(MATCH);
      put((uint32_t)length, 8);
      put((uint32_t)distance, 15);
      i += length;
    } else {
      put_symbol(source[i++]);
    }
  }
  put_symbol(END);
}

static int unpack(void) {
  int out = 0;
  held = 0;
  holding = reading = 0;
  for (int symbol; (symbol = take_symbol()) != END;) {
    if (symbol < END) {
      unpacked[out++] = (uint8_t)symbol;
      continue;
    }
    int length = (int)take(8), distance = (int)take(15);
    for (int i = 0; i < length; i++, out++) unpacked[out] = unpacked[out - distance];
  }
  return out;
}

uint32_t run(int n) {
  uint32_t sum = 0;
  make_source();
  make_codes();
  pack();
  for (int round = 0; round < n; round++) {
    sum += (uint32_t)unpack();
    sum += memcmp(source, unpacked, BYTES) == 0;
  }
  return sum;
}
