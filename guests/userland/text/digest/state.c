#include <string.h>

#include "text/digest/digest.h"

static const uint32_t MD5_START[] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476};
static const uint32_t SHA1_START[] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
static const uint32_t SHA224_START[] = {0xc1059ed8, 0x367cd507, 0x3070dd17, 0xf70e5939,
                                        0xffc00b31, 0x68581511, 0x64f98fa7, 0xbefa4fa4};
static const uint32_t SHA256_START[] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                        0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
static const uint64_t SHA384_START[] = {0xcbbb9d5dc1059ed8, 0x629a292a367cd507, 0x9159015a3070dd17,
                                        0x152fecd8f70e5939, 0x67332667ffc00b31, 0x8eb44a8768581511,
                                        0xdb0c2e0d64f98fa7, 0x47b5481dbefa4fa4};
static const uint64_t SHA512_START[] = {0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b,
                                        0xa54ff53a5f1d36f1, 0x510e527fade682d1, 0x9b05688c2b3e6c1f,
                                        0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};

#define START(name) name, sizeof name
static const struct digest DIGESTS[] = {
    {"md5sum", "MD5", 16, 64, 1, START(MD5_START), md5_compress},
    {"sha1sum", "SHA1", 20, 64, 0, START(SHA1_START), sha1_compress},
    {"sha224sum", "SHA224", 28, 64, 0, START(SHA224_START), sha256_compress},
    {"sha256sum", "SHA256", 32, 64, 0, START(SHA256_START), sha256_compress},
    {"sha384sum", "SHA384", 48, 128, 0, START(SHA384_START), sha512_compress},
    {"sha512sum", "SHA512", 64, 128, 0, START(SHA512_START), sha512_compress},
};

const struct digest *digest_of(const char *tool) {
  for (size_t index = 0; index < sizeof DIGESTS / sizeof *DIGESTS; index += 1) {
    if (strcmp(DIGESTS[index].tool, tool) == 0) return &DIGESTS[index];
  }
  return NULL;
}

void digest_start(const struct digest *digest, struct digest_state *state) {
  memcpy(&state->words, digest->start, digest->start_size);
  state->used = 0;
  state->length = 0;
}

void digest_add(const struct digest *digest, struct digest_state *state, const void *data, size_t length) {
  const unsigned char *at = data;
  state->length += length;
  while (length > 0) {
    if (state->used == 0 && length >= digest->block) {
      digest->compress(state, at);
      at += digest->block;
      length -= digest->block;
      continue;
    }
    size_t room = digest->block - state->used;
    size_t part = length < room ? length : room;
    memcpy(state->block + state->used, at, part);
    at += part;
    length -= part;
    state->used += part;
    if (state->used < digest->block) break;
    digest->compress(state, state->block);
    state->used = 0;
  }
}

// `value` as `size` bytes, the first or the last byte in front.
static void put_number(unsigned char *to, uint64_t value, size_t size, int little) {
  for (size_t at = 0; at < size; at += 1) {
    size_t shift = 8 * (little ? at : size - 1 - at);
    to[at] = (unsigned char)(value >> shift);
  }
}

void digest_end(const struct digest *digest, struct digest_state *state, unsigned char *result) {
  unsigned char ending[2 * BLOCK_MOST] = {0x80};
  size_t word = digest->block == BLOCK_MOST ? 8 : 4;
  uint64_t bits = state->length * 8;
  // A bit, zeros, and the number of bits in two words at the end of a block.
  size_t length = digest->block - state->used;
  if (length < 1 + 2 * word) length += digest->block;
  size_t size = digest->little ? 8 : 2 * word < 8 ? 2 * word : 8;
  put_number(ending + length - size, bits, size, digest->little);
  if (digest->block == BLOCK_MOST) ending[length - 9] = (unsigned char)(state->length >> 61);
  digest_add(digest, state, ending, length);
  for (size_t at = 0; at < digest->length; at += word) {
    unsigned char bytes[8];
    uint64_t value = word == 8 ? state->words.large[at / 8] : state->words.small[at / 4];
    put_number(bytes, value, word, digest->little);
    memcpy(result + at, bytes, digest->length - at < word ? digest->length - at : word);
  }
}
