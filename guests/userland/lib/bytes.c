#include "bytes.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"

#define SMALLEST 64

void bytes_reserve(struct bytes *bytes, size_t more) {
  size_t needed = bytes->length + more + 1;
  if (needed <= more) needed = SIZE_MAX;
  if (needed <= bytes->size) return;
  size_t size = bytes->size < SMALLEST ? SMALLEST : bytes->size * 2;
  if (size < needed) size = needed;
  bytes->data = must_grow(bytes->data, size, 1);
  bytes->size = size;
}

void bytes_add(struct bytes *bytes, const void *data, size_t length) {
  bytes_reserve(bytes, length);
  if (length > 0) memcpy(bytes->data + bytes->length, data, length);
  bytes->length += length;
  bytes->data[bytes->length] = '\0';
}

void bytes_text(struct bytes *bytes, const char *text) { bytes_add(bytes, text, strlen(text)); }

void bytes_byte(struct bytes *bytes, char byte) { bytes_add(bytes, &byte, 1); }

void bytes_repeat(struct bytes *bytes, char byte, size_t count) {
  bytes_reserve(bytes, count);
  memset(bytes->data + bytes->length, byte, count);
  bytes->length += count;
  bytes->data[bytes->length] = '\0';
}

void bytes_clear(struct bytes *bytes) {
  bytes->length = 0;
  bytes_reserve(bytes, 0);
  bytes->data[0] = '\0';
}

void bytes_free(struct bytes *bytes) {
  free(bytes->data);
  *bytes = (struct bytes)BYTES_NONE;
}

void bytes_swap(struct bytes *one, struct bytes *other) {
  struct bytes kept = *one;
  *one = *other;
  *other = kept;
}
