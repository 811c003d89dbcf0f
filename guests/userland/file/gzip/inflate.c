#include <stdlib.h>
#include <string.h>

#include "flate.h"
#include "lib/memory.h"

enum {
  FAST_BITS = 10,
  // Output that waits to be taken: made in turns of a window, so a ring of two is never overrun.
  RING = 2 * WINDOW,
};

// A code to decode with: short codes by a table, long ones bit by bit.
struct code {
  uint16_t fast[1 << FAST_BITS];  // symbol << 4 | length; 0 when the code is longer
  uint16_t counts[MOST_CODE_LENGTH + 1];
  uint16_t symbols[LITERALS];
};

enum block { BLOCK_NONE, BLOCK_STORED, BLOCK_CODED };

struct inflater {
  struct bit_reader *reader;
  struct code literals, distances;
  enum block block;
  bool last;
  uint32_t stored_left;
  uint64_t made, taken;
  unsigned char ring[RING];
};

static uint32_t reversed(uint32_t code, int length) {
  uint32_t result = 0;
  for (; length > 0; length -= 1, code >>= 1) result = result << 1 | (code & 1);
  return result;
}

static void fill_fast(struct code *code, const uint8_t *lengths, int count) {
  uint32_t next[MOST_CODE_LENGTH + 2] = {0};
  for (int length = 1; length <= MOST_CODE_LENGTH; length += 1) {
    next[length + 1] = (next[length] + code->counts[length]) << 1;
  }
  memset(code->fast, 0, sizeof code->fast);
  for (int symbol = 0; symbol < count; symbol += 1) {
    int length = lengths[symbol];
    if (length == 0) continue;
    uint32_t bits = next[length]++;
    if (length > FAST_BITS) continue;
    for (uint32_t at = reversed(bits, length); at < 1 << FAST_BITS; at += 1u << length) {
      code->fast[at] = (uint16_t)(symbol << 4 | length);
    }
  }
}

// False when the lengths make no code: too many of them, or (but for a single one) too few.
static bool make_code(struct code *code, const uint8_t *lengths, int count) {
  memset(code->counts, 0, sizeof code->counts);
  for (int symbol = 0; symbol < count; symbol += 1) code->counts[lengths[symbol]] += 1;
  int used = count - code->counts[0];
  code->counts[0] = 0;
  int32_t left = 1;
  for (int length = 1; length <= MOST_CODE_LENGTH; length += 1) {
    left = left * 2 - code->counts[length];
    if (left < 0) return false;
  }
  if (left > 0 && !(used == 0 || (used == 1 && code->counts[1] == 1))) return false;
  uint16_t offsets[MOST_CODE_LENGTH + 2] = {0};
  for (int length = 1; length <= MOST_CODE_LENGTH; length += 1) {
    offsets[length + 1] = (uint16_t)(offsets[length] + code->counts[length]);
  }
  for (int symbol = 0; symbol < count; symbol += 1) {
    if (lengths[symbol] != 0) code->symbols[offsets[lengths[symbol]]++] = (uint16_t)symbol;
  }
  fill_fast(code, lengths, count);
  return true;
}

static int decode_slowly(struct inflater *inflater, const struct code *code) {
  uint32_t bits = peek_bits(inflater->reader, MOST_CODE_LENGTH);
  int32_t value = 0, first = 0, index = 0;
  for (int length = 1; length <= MOST_CODE_LENGTH; length += 1, bits >>= 1) {
    value |= (int32_t)(bits & 1);
    int32_t count = code->counts[length];
    if (value - count < first) {
      drop_bits(inflater->reader, length);
      return code->symbols[index + (value - first)];
    }
    index += count;
    first = (first + count) << 1;
    value <<= 1;
  }
  return -1;
}

// The next symbol, or -1.
static int decode(struct inflater *inflater, const struct code *code) {
  uint16_t entry = code->fast[peek_bits(inflater->reader, FAST_BITS)];
  if (entry == 0) return decode_slowly(inflater, code);
  drop_bits(inflater->reader, entry & 15);
  return entry >> 4;
}

static bool begin_stored(struct inflater *inflater) {
  drop_to_byte(inflater->reader);
  uint32_t length = take_bits(inflater->reader, 16);
  uint32_t check = take_bits(inflater->reader, 16);
  inflater->stored_left = length;
  inflater->block = BLOCK_STORED;
  return (length ^ check) == 0xffff && !inflater->reader->ended;
}

static bool begin_fixed(struct inflater *inflater) {
  uint8_t lengths[LITERALS];
  memset(lengths, 8, 144);
  memset(lengths + 144, 9, 112);
  memset(lengths + 256, 7, 24);
  memset(lengths + 280, 8, 8);
  inflater->block = BLOCK_CODED;
  if (!make_code(&inflater->literals, lengths, LITERALS)) return false;
  memset(lengths, 5, DISTANCES);
  return make_code(&inflater->distances, lengths, DISTANCES);
}

// Lengths that are coded themselves. RFC 1951, 3.2.7.
static bool read_lengths(struct inflater *inflater, uint8_t *lengths, int count) {
  for (int index = 0; index < count;) {
    int symbol = decode(inflater, &inflater->literals);
    if (symbol < 0 || inflater->reader->ended) return false;
    if (symbol < 16) {
      lengths[index++] = (uint8_t)symbol;
      continue;
    }
    uint8_t value = 0;
    int repeat;
    if (symbol == 16) {
      if (index == 0) return false;
      value = lengths[index - 1];
      repeat = 3 + (int)take_bits(inflater->reader, 2);
    } else {
      repeat = symbol == 17 ? 3 + (int)take_bits(inflater->reader, 3) : 11 + (int)take_bits(inflater->reader, 7);
    }
    if (repeat > count - index) return false;
    for (; repeat > 0; repeat -= 1) lengths[index++] = value;
  }
  return true;
}

static bool begin_dynamic(struct inflater *inflater) {
  uint8_t lengths[LITERALS + DISTANCES] = {0};
  int literals = 257 + (int)take_bits(inflater->reader, 5);
  int distances = 1 + (int)take_bits(inflater->reader, 5);
  int codes = 4 + (int)take_bits(inflater->reader, 4);
  if (literals > 286 || distances > 30) return false;
  for (int index = 0; index < codes; index += 1) lengths[length_order[index]] = (uint8_t)take_bits(inflater->reader, 3);
  if (!make_code(&inflater->literals, lengths, LENGTH_CODES)) return false;
  if (!read_lengths(inflater, lengths, literals + distances)) return false;
  // A block without an end would go on for ever.
  if (lengths[END_OF_BLOCK] == 0) return false;
  inflater->block = BLOCK_CODED;
  return make_code(&inflater->literals, lengths, literals) &&
         make_code(&inflater->distances, lengths + literals, distances);
}

static bool begin_block(struct inflater *inflater) {
  inflater->last = take_bits(inflater->reader, 1) != 0;
  uint32_t type = take_bits(inflater->reader, 2);
  bool good = type == 0 ? begin_stored(inflater) : type == 1 ? begin_fixed(inflater) : type == 2 && begin_dynamic(inflater);
  return good && !inflater->reader->ended;
}

static void put(struct inflater *inflater, unsigned char byte) {
  inflater->ring[inflater->made % RING] = byte;
  inflater->made += 1;
}

static bool copy_match(struct inflater *inflater, int symbol) {
  symbol -= 257;
  if (symbol >= 29) return false;
  uint32_t length = length_base[symbol] + take_bits(inflater->reader, length_bits[symbol]);
  int code = decode(inflater, &inflater->distances);
  if (code < 0 || code >= 30) return false;
  uint32_t distance = distance_base[code] + take_bits(inflater->reader, distance_bits[code]);
  if (distance > inflater->made || inflater->reader->ended) return false;
  for (; length > 0; length -= 1) put(inflater, inflater->ring[(inflater->made - distance) % RING]);
  return true;
}

static bool step(struct inflater *inflater) {
  if (inflater->block == BLOCK_NONE) return begin_block(inflater);
  if (inflater->block == BLOCK_STORED) {
    if (inflater->stored_left == 0) {
      inflater->block = BLOCK_NONE;
      return true;
    }
    inflater->stored_left -= 1;
    put(inflater, (unsigned char)take_bits(inflater->reader, 8));
    return !inflater->reader->ended;
  }
  int symbol = decode(inflater, &inflater->literals);
  if (symbol < 0 || inflater->reader->ended) return false;
  if (symbol < END_OF_BLOCK) put(inflater, (unsigned char)symbol);
  else if (symbol == END_OF_BLOCK) inflater->block = BLOCK_NONE;
  else return copy_match(inflater, symbol);
  return true;
}

struct inflater *open_inflater(struct bit_reader *reader) {
  struct inflater *inflater = must_alloc(sizeof *inflater);
  inflater->reader = reader;
  reset_inflater(inflater);
  return inflater;
}

void reset_inflater(struct inflater *inflater) {
  inflater->block = BLOCK_NONE;
  inflater->last = false;
  inflater->made = inflater->taken = 0;
}

void close_inflater(struct inflater *inflater) { free(inflater); }

static bool decoded_all(const struct inflater *inflater) { return inflater->last && inflater->block == BLOCK_NONE; }

bool inflate_is_over(const struct inflater *inflater) {
  return decoded_all(inflater) && inflater->made == inflater->taken;
}

bool inflate_more(struct inflater *inflater) {
  while (inflater->made - inflater->taken < WINDOW && !decoded_all(inflater)) {
    if (!step(inflater)) return false;
  }
  return true;
}

size_t take_inflated(struct inflater *inflater, unsigned char *bytes, size_t room) {
  uint64_t waiting = inflater->made - inflater->taken;
  size_t count = waiting < room ? (size_t)waiting : room;
  for (size_t index = 0; index < count; index += 1) bytes[index] = inflater->ring[(inflater->taken + index) % RING];
  inflater->taken += count;
  return count;
}
