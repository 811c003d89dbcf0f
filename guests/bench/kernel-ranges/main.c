// Packs text by a range coder whose model learns with each bit, as LZMA's, and unpacks it: bytes as
// paths through trees of chances, chosen by the byte before; carries, one bit at a time.
#include "kernel.h"

#define BYTES 3000
#define CLASSES 64
#define ONE 4096
#define SPEED 5
#define TOP (1u << 24)

static uint8_t source[BYTES], packed[BYTES + BYTES / 4 + 64], unpacked[BYTES];
static uint16_t chances[CLASSES][256];

static struct {
  uint64_t low;
  uint32_t range, waiting;
  uint8_t held;
  uint8_t *out;
} encoder;

static struct {
  uint32_t code, range;
  const uint8_t *at;
} decoder;

static void forget(void) {
  for (int i = 0; i < CLASSES; i++) {
    for (int j = 0; j < 256; j++) chances[i][j] = ONE / 2;
  }
}

/** A byte goes out when no carry can reach it any more. */
static NOINLINE void shift_low(void) {
  if (encoder.low < 0xff000000u || encoder.low > UINT32_MAX) {
    uint8_t carry = (uint8_t)(encoder.low >> 32);
    uint8_t next = encoder.held;
    do {
      *encoder.out++ = (uint8_t)(next + carry);
      next = 0xff;
    } while (--encoder.waiting > 0);
    encoder.held = (uint8_t)(encoder.low >> 24);
  }
  encoder.waiting++;
  encoder.low = (encoder.low & 0x00ffffff) << 8;
}

static inline void encode_bit(uint16_t *chance, int bit) {
  uint32_t bound = (encoder.range >> 12) * *chance;
  if (bit) {
    encoder.low += bound;
    encoder.range -= bound;
    *chance -= *chance >> SPEED;
  } else {
    encoder.range = bound;
    *chance += (ONE - *chance) >> SPEED;
  }
  while (encoder.range < TOP) {
    encoder.range <<= 8;
    shift_low();
  }
}

static inline int decode_bit(uint16_t *chance) {
  uint32_t bound = (decoder.range >> 12) * *chance;
  int bit = decoder.code >= bound;
  if (bit) {
    decoder.code -= bound;
    decoder.range -= bound;
    *chance -= *chance >> SPEED;
  } else {
    decoder.range = bound;
    *chance += (ONE - *chance) >> SPEED;
  }
  while (decoder.range < TOP) {
    decoder.range <<= 8;
    decoder.code = decoder.code << 8 | *decoder.at++;
  }
  return bit;
}

static inline uint16_t *model_of(uint8_t before) {
  return chances[(before ^ before >> 6) % CLASSES];
}

static NOINLINE size_t pack(size_t size) {
  uint8_t before = 0;
  forget();
  encoder.low = encoder.held = 0;
  encoder.range = UINT32_MAX;
  encoder.waiting = 1;
  encoder.out = packed;
  for (size_t i = 0; i < size; i++) {
    uint16_t *model = model_of(before);
    before = source[i];
    uint32_t path = 1;
    for (int shift = 7; shift >= 0; shift--) {
      int bit = before >> shift & 1;
      encode_bit(&model[path], bit);
      path = path << 1 | (uint32_t)bit;
    }
  }
  for (int i = 0; i < 5; i++) shift_low();
  return (size_t)(encoder.out - packed);
}

static NOINLINE void unpack(size_t size) {
  uint8_t before = 0;
  forget();
  decoder.code = 0;
  decoder.range = UINT32_MAX;
  // The first byte is what a carry out of all others would have been.
  decoder.at = packed + 1;
  for (int i = 0; i < 4; i++) decoder.code = decoder.code << 8 | *decoder.at++;
  for (size_t i = 0; i < size; i++) {
    uint16_t *model = model_of(before);
    uint32_t path = 1;
    while (path < 256) path = path << 1 | (uint32_t)decode_bit(&model[path]);
    unpacked[i] = before = (uint8_t)path;
  }
}

static void make_source(void) {
  static const char *const PARTS[] = {
      "the ", "order ",  "of ",                "events ", "is ", "1984", ", ",     ".\n",
      "\t",   "unlike ", "\xc3\xa9t\xc3\xa9 ", "AND ",    "{}",  "in ",  "other ", "s"};
  size_t size = 0;
  seed = 271;
  while (size < BYTES) {
    for (const char *part = PARTS[next_random() % 16]; *part && size < BYTES; part++) {
      source[size++] = next_random() % 40 == 0 ? (uint8_t)next_random() : (uint8_t)*part;
    }
  }
}

uint32_t run(int n) {
  uint32_t sum = 0;
  make_source();
  for (int round = 0; round < n; round++) {
    size_t size = (size_t)(BYTES - round % 50);
    source[round * 17 % BYTES] ^= 1;
    size_t length = pack(size);
    memset(unpacked, 0, size);
    unpack(size);
    sum = mix(sum, (uint32_t)length + (memcmp(source, unpacked, size) == 0));
    for (size_t i = 0; i < length; i += 3) sum = mix(sum, packed[i]);
  }
  return sum;
}
