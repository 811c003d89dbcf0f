#include "array.h"

#include <stdint.h>
#include <stdlib.h>

#include "memory.h"
#include "message.h"

void *must_grow(void *old, size_t count, size_t size) {
  if (size != 0 && count > PTRDIFF_MAX / size) {
    message("out of memory");
    exit(1);
  }
  return must_realloc(old, count * size);
}
