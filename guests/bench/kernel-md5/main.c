// MD5 in four rounds of sixteen steps, with the step's function chosen by branches: integer code
// with table look-ups and rotations by a variable.
#include "kernel.h"

#define BYTES 65536

static uint32_t constants[64];
static uint8_t message[BYTES];

static const uint8_t SHIFTS[4][4] = {{7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};

static NOINLINE void compress(uint32_t *state, const uint8_t *block) {
  uint32_t words[16];
  uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
  memcpy(words, block, sizeof words);
  for (uint32_t i = 0; i < 64; i++) {
    uint32_t f, word;
    if (i < 16) {
      f = (b & c) | (~b & d);
      word = i;
    } else if (i < 32) {
      f = (d & b) | (~d & c);
      word = 5 * i + 1;
    } else if (i < 48) {
      f = b ^ c ^ d;
      word = 3 * i + 5;
    } else {
      f = c ^ (b | ~d);
      word = 7 * i;
    }
    uint32_t sum = a + f + constants[i] + words[word & 15];
    int by = SHIFTS[i >> 4][i & 3];
    a = d;
    d = c;
    c = b;
    b += sum << by | sum >> (32 - by);
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
}

uint32_t run(int n) {
  uint32_t state[4] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
  for (int i = 0; i < 64; i++) constants[i] = (uint32_t)(fabs(sin(i + 1)) * 4294967296.0);
  for (int i = 0; i < BYTES; i++) message[i] = (uint8_t)(i * 13 + (i >> 8));
  for (int round = 0; round < n; round++) {
    for (int at = 0; at < BYTES; at += 64) compress(state, message + at);
  }
  return state[0] ^ state[3];
}
