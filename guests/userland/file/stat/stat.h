// stat: what the sequences of its formats stand for.
#ifndef FILE_STAT_STAT_H
#define FILE_STAT_STAT_H

#include <stdbool.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

struct subject {
  const char *path;
  struct stat info;
};

// A field of a file's format, in new memory; NULL when there is no such field.
char *file_field(const struct subject *subject, char letter);
char *file_system_field(const char *path, const struct statvfs *info, char letter);

#endif
