#include "text/digest/digest.h"

static uint32_t turn(uint32_t value, unsigned by) { return value << by | value >> (32 - by); }

static uint32_t word_at(const unsigned char *at) {
  return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | (uint32_t)at[3];
}

// FIPS 180-4: what b, c and d are mixed to in each fifth of the steps.
static uint32_t mix(int step, uint32_t b, uint32_t c, uint32_t d) {
  if (step < 20) return ((b & c) | (~b & d)) + 0x5a827999;
  if (step < 40) return (b ^ c ^ d) + 0x6ed9eba1;
  if (step < 60) return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
  return (b ^ c ^ d) + 0xca62c1d6;
}

void sha1_compress(struct digest_state *state, const unsigned char *block) {
  uint32_t words[80];
  uint32_t *sums = state->words.small;
  uint32_t a = sums[0], b = sums[1], c = sums[2], d = sums[3], e = sums[4];
  for (int at = 0; at < 16; at += 1) words[at] = word_at(block + 4 * at);
  for (int at = 16; at < 80; at += 1) {
    words[at] = turn(words[at - 3] ^ words[at - 8] ^ words[at - 14] ^ words[at - 16], 1);
  }
  for (int at = 0; at < 80; at += 1) {
    uint32_t next = turn(a, 5) + mix(at, b, c, d) + e + words[at];
    e = d;
    d = c;
    c = turn(b, 30);
    b = a;
    a = next;
  }
  sums[0] += a;
  sums[1] += b;
  sums[2] += c;
  sums[3] += d;
  sums[4] += e;
}
