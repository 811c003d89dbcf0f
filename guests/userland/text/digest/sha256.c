#include "text/digest/digest.h"

// FIPS 180-4: the first 32 bits of the fractions of the cube roots of the first 64 primes.
static const uint32_t ROOTS[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t turn(uint32_t value, unsigned by) { return value >> by | value << (32 - by); }

static uint32_t word_at(const unsigned char *at) {
  uint32_t value = 0;
  for (int index = 0; index < 4; index += 1) value = value << 8 | at[index];
  return value;
}

static void expand(uint32_t *words, const unsigned char *block) {
  for (int at = 0; at < 16; at += 1) words[at] = word_at(block + 4 * at);
  for (int at = 16; at < 64; at += 1) {
    uint32_t early = words[at - 15];
    uint32_t late = words[at - 2];
    uint32_t first = turn(early, 7) ^ turn(early, 18) ^ early >> 3;
    uint32_t second = turn(late, 17) ^ turn(late, 19) ^ late >> 10;
    words[at] = words[at - 16] + first + words[at - 7] + second;
  }
}

void sha256_compress(struct digest_state *state, const unsigned char *block) {
  uint32_t words[64];
  uint32_t *sums = state->words.small;
  uint32_t a = sums[0], b = sums[1], c = sums[2], d = sums[3];
  uint32_t e = sums[4], f = sums[5], g = sums[6], h = sums[7];
  expand(words, block);
  for (int at = 0; at < 64; at += 1) {
    uint32_t first = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + ROOTS[at] + words[at];
    uint32_t second = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = d + first;
    d = c;
    c = b;
    b = a;
    a = first + second;
  }
  sums[0] += a;
  sums[1] += b;
  sums[2] += c;
  sums[3] += d;
  sums[4] += e;
  sums[5] += f;
  sums[6] += g;
  sums[7] += h;
}
