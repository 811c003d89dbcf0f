#include <bulkhead.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>

#include "answer.h"
#include "open-how.h"

static int open_at(int fd, const char *path, int flags, mode_t mode) {
  int opened;
  uint32_t how = open_how(flags);
  int error = bulkhead_path_open(base_of(fd), path, strlen(path), how, mode, &opened);
  return answered(error) == 0 ? opened : -1;
}

int open(const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  mode_t mode = (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : 0;
  va_end(more);
  return open_at(AT_FDCWD, path, flags, mode);
}

int openat(int fd, const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  mode_t mode = (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : 0;
  va_end(more);
  return open_at(fd, path, flags, mode);
}

int creat(const char *path, mode_t mode) {
  return open_at(AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC, mode);
}

// What libc's own streams and truncate() open files with.
int __wasilibc_open_nomode(const char *path, int flags) {
  return open_at(AT_FDCWD, path, flags, 0666);
}

int __wasilibc_openat_nomode(int fd, const char *path, int flags) {
  return open_at(fd, path, flags, 0666);
}

DIR *opendirat(int fd, const char *path) {
  int opened = open_at(fd, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
  return opened < 0 ? NULL : fdopendir(opened);
}

DIR *opendir(const char *path) { return opendirat(AT_FDCWD, path); }
