// A string of bytes that grows. There is always a NUL behind its last byte, which does not count.
#ifndef LIB_BYTES_H
#define LIB_BYTES_H

#include <stddef.h>

struct bytes {
  char *data;
  size_t length;
  size_t size;
};

#define BYTES_NONE {NULL, 0, 0}

// Room for `more` bytes and a NUL behind what is there.
void bytes_reserve(struct bytes *bytes, size_t more);
void bytes_add(struct bytes *bytes, const void *data, size_t length);
void bytes_text(struct bytes *bytes, const char *text);
void bytes_byte(struct bytes *bytes, char byte);
void bytes_repeat(struct bytes *bytes, char byte, size_t count);
void bytes_clear(struct bytes *bytes);
void bytes_free(struct bytes *bytes);
void bytes_swap(struct bytes *one, struct bytes *other);

#endif
