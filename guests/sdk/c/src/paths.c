// Names: making, removing, linking.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wasi/api.h>

#include "answer.h"

int mkdirat(int fd, const char *path, mode_t mode) {
  return answered(bulkhead_path_mkdir(base_of(fd), path, strlen(path), mode));
}

int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }

int __wasilibc_unlinkat(int fd, const char *path) {
  return answered(__wasi_path_unlink_file(base_of(fd), path));
}

int __wasilibc_rmdirat(int fd, const char *path) {
  return answered(__wasi_path_remove_directory(base_of(fd), path));
}

int unlinkat(int fd, const char *path, int flags) {
  return (flags & AT_REMOVEDIR) != 0 ? __wasilibc_rmdirat(fd, path) : __wasilibc_unlinkat(fd, path);
}

int unlink(const char *path) { return __wasilibc_unlinkat(AT_FDCWD, path); }

int rmdir(const char *path) { return __wasilibc_rmdirat(AT_FDCWD, path); }

int remove(const char *path) {
  int removed = unlink(path);
  return removed != 0 && errno == EISDIR ? rmdir(path) : removed;
}

int renameat(int from_fd, const char *from, int to_fd, const char *to) {
  return answered(__wasi_path_rename(base_of(from_fd), from, base_of(to_fd), to));
}

int rename(const char *from, const char *to) { return renameat(AT_FDCWD, from, AT_FDCWD, to); }

int linkat(int from_fd, const char *from, int to_fd, const char *to, int flags) {
  __wasi_lookupflags_t follow =
      (flags & AT_SYMLINK_FOLLOW) != 0 ? __WASI_LOOKUPFLAGS_SYMLINK_FOLLOW : 0;
  return answered(__wasi_path_link(base_of(from_fd), follow, from, base_of(to_fd), to));
}

int link(const char *from, const char *to) { return linkat(AT_FDCWD, from, AT_FDCWD, to, 0); }

int symlinkat(const char *text, int fd, const char *path) {
  return answered(__wasi_path_symlink(text, base_of(fd), path));
}

int symlink(const char *text, const char *path) { return symlinkat(text, AT_FDCWD, path); }

ssize_t readlinkat(int fd, const char *restrict path, char *restrict buffer, size_t size) {
  size_t used;
  int error = __wasi_path_readlink(base_of(fd), path, (uint8_t *)buffer, size, &used);
  return answered(error) == 0 ? (ssize_t)used : -1;
}

ssize_t readlink(const char *restrict path, char *restrict buffer, size_t size) {
  return readlinkat(AT_FDCWD, path, buffer, size);
}

int mkfifo(const char *path, mode_t mode) {
  (void)path;
  (void)mode;
  return answered(ENOSYS);
}

int mknod(const char *path, mode_t mode, dev_t device) {
  (void)device;
  return mkfifo(path, mode);
}
