// The SHA-256 compression function: long straight integer code with rotations, little memory.
#include "kernel.h"

#define BYTES 65536

static uint32_t constants[64];
static uint8_t message[BYTES];

static inline uint32_t rotated(uint32_t word, int by) {
  return (word >> by) | (word << (32 - by));
}

static void expand(uint32_t w[64], const uint8_t *block) {
  for (int i = 0; i < 16; i++, block += 4) {
    w[i] = (uint32_t)block[0] << 24 | (uint32_t)block[1] << 16 | (uint32_t)block[2] << 8 | block[3];
  }
  for (int i = 16; i < 64; i++) {
    uint32_t far = w[i - 15], near = w[i - 2];
    w[i] = w[i - 16] + w[i - 7] + (rotated(far, 7) ^ rotated(far, 18) ^ (far >> 3)) +
           (rotated(near, 17) ^ rotated(near, 19) ^ (near >> 10));
  }
}

static NOINLINE void compress(uint32_t *state, const uint8_t *block) {
  uint32_t w[64];
  expand(w, block);
  uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
  uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
  for (int i = 0; i < 64; i++) {
    uint32_t first = h + (rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)) +
                     ((e & f) ^ (~e & g)) + constants[i] + w[i];
    uint32_t second = (rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)) +
                      ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = d + first;
    d = c;
    c = b;
    b = a;
    a = first + second;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}

static int is_prime(uint32_t number) {
  for (uint32_t by = 2; by * by <= number; by++) {
    if (number % by == 0) return 0;
  }
  return 1;
}

/** The round constants: fractions of the cube roots of the first 64 primes. */
static void prepare(void) {
  int found = 0;
  for (uint32_t number = 2; found < 64; number++) {
    if (!is_prime(number)) continue;
    double root = cbrt((double)number);
    constants[found++] = (uint32_t)((root - floor(root)) * 4294967296.0);
  }
}

uint32_t run(int n) {
  uint32_t state[8] = {1, 2, 3, 4, 5, 6, 7, 8};
  prepare();
  for (int i = 0; i < BYTES; i++) message[i] = (uint8_t)(i * 31);
  for (int round = 0; round < n; round++) {
    for (int at = 0; at < BYTES; at += 64) compress(state, message + at);
  }
  return state[0] ^ state[7];
}
