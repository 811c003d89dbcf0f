// AES-128 byte by byte with one table: short counted loops over small arrays, loads by data.
#include "kernel.h"

#define ROUNDS 10

static uint8_t box[256];
static uint8_t keys[16 * (ROUNDS + 1)];

static inline uint8_t doubled(uint8_t value) {
  return (uint8_t)((value << 1) ^ ((value >> 7) * 0x1b));
}

static inline uint8_t rotated(uint8_t value, int by) {
  return (uint8_t)(value << by | value >> (8 - by));
}

/** The substitution box, by walking the field with a generator and its inverse. */
static void make_box(void) {
  uint8_t p = 1, q = 1;
  do {
    p = (uint8_t)(p ^ doubled(p));
    q = (uint8_t)(q ^ (q << 1));
    q = (uint8_t)(q ^ (q << 2));
    q = (uint8_t)(q ^ (q << 4));
    if (q & 0x80) q ^= 9;
    box[p] = (uint8_t)(q ^ rotated(q, 1) ^ rotated(q, 2) ^ rotated(q, 3) ^ rotated(q, 4) ^ 0x63);
  } while (p != 1);
  box[0] = 0x63;
}

static void make_keys(void) {
  uint8_t constant = 1;
  for (int i = 0; i < 16; i++) keys[i] = (uint8_t)(i * 17);
  for (int i = 16; i < (int)sizeof keys; i += 4) {
    uint8_t word[4];
    memcpy(word, keys + i - 4, 4);
    if (i % 16 == 0) {
      uint8_t first = word[0];
      word[0] = box[word[1]] ^ constant;
      word[1] = box[word[2]];
      word[2] = box[word[3]];
      word[3] = box[first];
      constant = doubled(constant);
    }
    for (int j = 0; j < 4; j++) keys[i + j] = keys[i - 16 + j] ^ word[j];
  }
}

static void mix_column(uint8_t *column) {
  uint8_t first = column[0];
  uint8_t all = column[0] ^ column[1] ^ column[2] ^ column[3];
  column[0] ^= all ^ doubled(column[0] ^ column[1]);
  column[1] ^= all ^ doubled(column[1] ^ column[2]);
  column[2] ^= all ^ doubled(column[2] ^ column[3]);
  column[3] ^= all ^ doubled(column[3] ^ first);
}

static NOINLINE void encipher(uint8_t *block) {
  uint8_t next[16];
  for (int i = 0; i < 16; i++) block[i] ^= keys[i];
  for (int round = 1; round <= ROUNDS; round++) {
    for (int i = 0; i < 16; i++) next[i] = box[block[(i + 4 * (i & 3)) & 15]];
    if (round < ROUNDS) {
      for (int column = 0; column < 4; column++) mix_column(next + 4 * column);
    }
    for (int i = 0; i < 16; i++) block[i] = next[i] ^ keys[round * 16 + i];
  }
}

uint32_t run(int n) {
  uint8_t block[16] = {0};
  uint32_t sum = 0;
  make_box();
  make_keys();
  for (int i = 0; i < n * 1000; i++) encipher(block);
  for (int i = 0; i < 16; i++) sum = mix(sum, block[i]);
  return sum;
}
