// Memory that is there, or the program ends: a tool has nothing better to do.
#ifndef LIB_MEMORY_H
#define LIB_MEMORY_H

#include <stddef.h>

void *must_alloc(size_t size);
void *must_realloc(void *old, size_t size);
char *must_copy(const char *text);
// The first `length` bytes of `text`, ended.
char *must_copy_part(const char *text, size_t length);
// As sprintf, into memory that is big enough.
char *must_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
