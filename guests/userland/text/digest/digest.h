// Digests of files: md5sum, sha1sum, sha224sum, sha256sum, sha384sum, sha512sum.
#ifndef TEXT_DIGEST_H
#define TEXT_DIGEST_H

#include <stddef.h>
#include <stdint.h>

enum { DIGEST_MOST = 64, BLOCK_MOST = 128 };

// The state of any of them: words of 32 bits or of 64, and a block that fills.
struct digest_state {
  union {
    uint32_t small[8];
    uint64_t large[8];
  } words;
  unsigned char block[BLOCK_MOST];
  size_t used;
  uint64_t length;
};

struct digest {
  const char *tool;
  const char *tag;
  size_t length;
  size_t block;
  // Whether numbers are written with their last byte first (md5).
  int little;
  const void *start;
  size_t start_size;
  void (*compress)(struct digest_state *state, const unsigned char *block);
};

void md5_compress(struct digest_state *state, const unsigned char *block);
void sha1_compress(struct digest_state *state, const unsigned char *block);
void sha256_compress(struct digest_state *state, const unsigned char *block);
void sha512_compress(struct digest_state *state, const unsigned char *block);

// The row of the tool by that name, or NULL.
const struct digest *digest_of(const char *tool);
void digest_start(const struct digest *digest, struct digest_state *state);
void digest_add(const struct digest *digest, struct digest_state *state, const void *data, size_t length);
void digest_end(const struct digest *digest, struct digest_state *state, unsigned char *result);

#endif
