#include "memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"

static void *checked(void *memory) {
  if (memory != NULL) return memory;
  message("out of memory");
  exit(1);
}

void *must_alloc(size_t size) { return checked(malloc(size == 0 ? 1 : size)); }

void *must_realloc(void *old, size_t size) { return checked(realloc(old, size == 0 ? 1 : size)); }

char *must_copy(const char *text) { return must_copy_part(text, strlen(text)); }

char *must_copy_part(const char *text, size_t length) {
  char *copy = must_alloc(length + 1);
  memcpy(copy, text, length);
  copy[length] = '\0';
  return copy;
}

char *must_format(const char *format, ...) {
  va_list args;
  va_start(args, format);
  int length = vsnprintf(NULL, 0, format, args);
  va_end(args);
  char *text = must_alloc((size_t)(length < 0 ? 0 : length) + 1);
  text[0] = '\0';
  va_start(args, format);
  if (length > 0) vsnprintf(text, (size_t)length + 1, format, args);
  va_end(args);
  return text;
}
