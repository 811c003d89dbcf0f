// Seals messages as TLS does, with ChaCha20 and Poly1305, and opens them again: additions, xors and
// fixed rotations of 32 bits, then products of 26-bit limbs modulo 2^130 - 5.
#include "kernel.h"

#define BYTES 4000
#define TAG 16

typedef struct {
  uint32_t key[5], sum[5], pad[4];
} Poly;

static uint8_t message[BYTES], sealed[BYTES + TAG], opened[BYTES];
static uint32_t key[8], nonce[3];

static inline uint32_t load(const uint8_t *at) {
  uint32_t word;
  memcpy(&word, at, sizeof word);
  return word;
}

static inline uint32_t rotate(uint32_t word, int by) {
  return word << by | word >> (32 - by);
}

static inline void quarter(uint32_t *a, uint32_t *b, uint32_t *c, uint32_t *d) {
  *d = rotate(*d ^ (*a += *b), 16);
  *b = rotate(*b ^ (*c += *d), 12);
  *d = rotate(*d ^ (*a += *b), 8);
  *b = rotate(*b ^ (*c += *d), 7);
}

/** 64 bytes of the stream. */
static NOINLINE void block(uint32_t counter, uint32_t out[16]) {
  uint32_t start[16] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
  memcpy(start + 4, key, sizeof key);
  start[12] = counter;
  memcpy(start + 13, nonce, sizeof nonce);
  uint32_t s[16];
  memcpy(s, start, sizeof s);
  for (int round = 0; round < 10; round++) {
    quarter(&s[0], &s[4], &s[8], &s[12]);
    quarter(&s[1], &s[5], &s[9], &s[13]);
    quarter(&s[2], &s[6], &s[10], &s[14]);
    quarter(&s[3], &s[7], &s[11], &s[15]);
    quarter(&s[0], &s[5], &s[10], &s[15]);
    quarter(&s[1], &s[6], &s[11], &s[12]);
    quarter(&s[2], &s[7], &s[8], &s[13]);
    quarter(&s[3], &s[4], &s[9], &s[14]);
  }
  for (int i = 0; i < 16; i++) out[i] = s[i] + start[i];
}

static NOINLINE void cipher(const uint8_t *from, uint8_t *to, size_t size) {
  uint32_t stream[16];
  for (uint32_t counter = 1; size > 0; counter++) {
    size_t part = size < sizeof stream ? size : sizeof stream;
    block(counter, stream);
    const uint8_t *bytes = (const uint8_t *)stream;
    for (size_t i = 0; i < part; i++) to[i] = from[i] ^ bytes[i];
    from += part;
    to += part;
    size -= part;
  }
}

/** The number's key is the stream's block 0, with some bits of it cleared. */
static void begin(Poly *poly) {
  uint32_t words[16];
  block(0, words);
  poly->key[0] = words[0] & 0x3ffffff;
  poly->key[1] = (words[0] >> 26 | words[1] << 6) & 0x3ffff03;
  poly->key[2] = (words[1] >> 20 | words[2] << 12) & 0x3ffc0ff;
  poly->key[3] = (words[2] >> 14 | words[3] << 18) & 0x3f03fff;
  poly->key[4] = words[3] >> 8 & 0x00fffff;
  memset(poly->sum, 0, sizeof poly->sum);
  memcpy(poly->pad, words + 4, sizeof poly->pad);
}

static NOINLINE void add(Poly *poly, const uint8_t *at, uint32_t top) {
  uint32_t *h = poly->sum;
  const uint32_t *r = poly->key;
  uint64_t products[5], carry = 0;
  h[0] += load(at) & 0x3ffffff;
  h[1] += load(at + 3) >> 2 & 0x3ffffff;
  h[2] += load(at + 6) >> 4 & 0x3ffffff;
  h[3] += load(at + 9) >> 6;
  h[4] += load(at + 12) >> 8 | top << 24;
  for (int i = 0; i < 5; i++) {
    products[i] = 0;
    // What is past 2^130 comes back five times.
    for (int j = 0; j < 5; j++) {
      products[i] += (uint64_t)h[j] * (j <= i ? r[i - j] : 5 * r[i - j + 5]);
    }
  }
  for (int i = 0; i < 5; i++) {
    carry += products[i];
    h[i] = (uint32_t)carry & 0x3ffffff;
    carry >>= 26;
  }
  h[0] += (uint32_t)carry * 5;
  h[1] += h[0] >> 26;
  h[0] &= 0x3ffffff;
}

static void finish(Poly *poly, uint8_t tag[TAG]) {
  uint32_t *h = poly->sum, less[5], carry = 5;
  for (int turn = 0; turn < 2; turn++) {
    for (int i = 0; i < 5; i++) {
      h[(i + 1) % 5] += (h[i] >> 26) * (i == 4 ? 5 : 1);
      h[i] &= 0x3ffffff;
    }
  }
  // Once more down, if it is not below 2^130 - 5.
  for (int i = 0; i < 5; i++) {
    carry += h[i];
    less[i] = carry & 0x3ffffff;
    carry >>= 26;
  }
  const uint32_t *least = carry ? less : h;
  uint64_t words[4];
  for (int i = 0; i < 4; i++) words[i] = least[i] >> 6 * i | (uint64_t)least[i + 1] << (26 - 6 * i);
  uint64_t held = 0;
  for (int i = 0; i < 4; i++) {
    held += (words[i] & UINT32_MAX) + poly->pad[i];
    uint32_t word = (uint32_t)held;
    memcpy(tag + 4 * i, &word, sizeof word);
    held >>= 32;
  }
}

static NOINLINE void authenticate(const uint8_t *at, size_t size, uint8_t tag[TAG]) {
  Poly poly;
  uint64_t lengths[2] = {0, size};
  begin(&poly);
  for (; size >= 16; size -= 16, at += 16) add(&poly, at, 1);
  if (size > 0) {
    uint8_t last[16] = {0};
    memcpy(last, at, size);
    add(&poly, last, 1);
  }
  add(&poly, (const uint8_t *)lengths, 1);
  finish(&poly, tag);
}

static void seal(size_t size) {
  cipher(message, sealed, size);
  authenticate(sealed, size, sealed + size);
}

static int open_sealed(size_t size) {
  uint8_t tag[TAG], differs = 0;
  authenticate(sealed, size, tag);
  for (int i = 0; i < TAG; i++) differs |= tag[i] ^ sealed[size + (size_t)i];
  if (differs == 0) cipher(sealed, opened, size);
  return differs == 0;
}

uint32_t run(int n) {
  uint32_t sum = 0;
  seed = 269;
  for (int i = 0; i < BYTES; i++) message[i] = (uint8_t)next_random();
  for (int i = 0; i < 8; i++) key[i] = next_random() << 8;
  memset(nonce, 0, sizeof nonce);
  for (int round = 0; round < n; round++) {
    size_t size = (size_t)(BYTES - round * 37 % 500);
    nonce[0]++;
    seal(size);
    sum = mix(sum, load(sealed + size));
    sum += open_sealed(size) && memcmp(message, opened, size) == 0;
    // A flipped bit is found.
    sealed[size / 2] ^= 4;
    sum += !open_sealed(size);
    for (size_t i = 0; i < size; i += 13) sum = mix(sum, sealed[i]);
  }
  return sum;
}
