// What is mounted, from /proc/mounts.
#ifndef LIB_MOUNTS_H
#define LIB_MOUNTS_H

#include <stddef.h>

struct mount {
  char *source, *target, *type, *flags;
};

// NULL, with errno, when it cannot be read.
struct mount *read_mounts(size_t *count);
void free_mounts(struct mount *mounts, size_t count);

#endif
