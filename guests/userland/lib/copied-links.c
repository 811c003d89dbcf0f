#include "copied-links.h"

#include <stdint.h>
#include <stdlib.h>

#include "memory.h"

enum { BUCKETS = 1024 };

struct copied {
  dev_t device;
  ino_t inode;
  char *path;
  struct copied *next;
};

static struct copied *table[BUCKETS];

static struct copied **bucket_of(const struct stat *info) {
  return &table[((uint64_t)info->st_ino * 31 + (uint64_t)info->st_dev) % BUCKETS];
}

const char *copied_before(const struct stat *info) {
  for (struct copied *entry = *bucket_of(info); entry != NULL; entry = entry->next) {
    if (entry->inode == info->st_ino && entry->device == info->st_dev) return entry->path;
  }
  return NULL;
}

void remember_copy(const struct stat *info, const char *path) {
  struct copied **bucket = bucket_of(info);
  struct copied *entry = must_alloc(sizeof *entry);
  *entry = (struct copied){info->st_dev, info->st_ino, must_copy(path), *bucket};
  *bucket = entry;
}
