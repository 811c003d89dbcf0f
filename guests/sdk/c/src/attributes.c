// Modes, owners, rights.
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "answer.h"

static uint32_t follow(int flags) {
  return (flags & AT_SYMLINK_NOFOLLOW) != 0 ? 0 : BULKHEAD_FOLLOW;
}

int fchmod(int fd, mode_t mode) { return answered(bulkhead_fd_chmod(fd, mode)); }

int fchmodat(int fd, const char *path, mode_t mode, int flags) {
  return answered(bulkhead_path_chmod(base_of(fd), follow(flags), path, strlen(path), mode));
}

int chmod(const char *path, mode_t mode) { return fchmodat(AT_FDCWD, path, mode, 0); }

int fchown(int fd, uid_t uid, gid_t gid) { return answered(bulkhead_fd_chown(fd, uid, gid)); }

int fchownat(int fd, const char *path, uid_t uid, gid_t gid, int flags) {
  return answered(bulkhead_path_chown(base_of(fd), follow(flags), path, strlen(path), uid, gid));
}

int chown(const char *path, uid_t uid, gid_t gid) { return fchownat(AT_FDCWD, path, uid, gid, 0); }

int lchown(const char *path, uid_t uid, gid_t gid) {
  return fchownat(AT_FDCWD, path, uid, gid, AT_SYMLINK_NOFOLLOW);
}

// Who runs a program is who it is: AT_EACCESS asks nothing else.
int faccessat(int fd, const char *path, int mode, int flags) {
  return answered(bulkhead_path_access(base_of(fd), follow(flags), path, strlen(path), mode));
}

int access(const char *path, int mode) { return faccessat(AT_FDCWD, path, mode, 0); }

int eaccess(const char *path, int mode) { return access(path, mode); }

int euidaccess(const char *path, int mode) { return access(path, mode); }

int __wasilibc_access(const char *path, int mode, int flags) {
  return faccessat(AT_FDCWD, path, mode, flags);
}

mode_t umask(mode_t mask) {
  uint32_t old = 0;
  bulkhead_proc_umask(mask, &old);
  return old;
}
