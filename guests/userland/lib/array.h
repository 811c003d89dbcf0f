// An array that grows: as must_realloc, for `count` pieces of `size` bytes, which may be too many.
#ifndef LIB_ARRAY_H
#define LIB_ARRAY_H

#include <stddef.h>

void *must_grow(void *old, size_t count, size_t size);

#endif
