#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "answer.h"

static struct timespec time_of(uint64_t ns) {
  return (struct timespec){.tv_sec = (time_t)(ns / 1000000000), .tv_nsec = (long)(ns % 1000000000)};
}

/// Passes `error` on, or fills `to`.
static int told(int error, const struct bulkhead_stat *from, struct stat *to) {
  if (error != 0) return answered(error);
  *to = (struct stat){
      .st_dev = from->device,
      .st_ino = from->inode,
      .st_nlink = from->links,
      .st_mode = from->mode,
      .st_uid = from->uid,
      .st_gid = from->gid,
      .st_rdev = from->rdev,
      .st_size = (off_t)from->size,
      .st_blksize = (blksize_t)from->block_size,
      .st_blocks = (blkcnt_t)from->blocks,
      .st_atim = time_of(from->accessed),
      .st_mtim = time_of(from->modified),
      .st_ctim = time_of(from->changed),
  };
  return 0;
}

int fstat(int fd, struct stat *stat) {
  struct bulkhead_stat found;
  return told(bulkhead_fd_stat(fd, &found), &found, stat);
}

int fstatat(int fd, const char *restrict path, struct stat *restrict stat, int flags) {
  struct bulkhead_stat found;
  uint32_t follow = (flags & AT_SYMLINK_NOFOLLOW) != 0 ? 0 : BULKHEAD_FOLLOW;
  int error = bulkhead_path_stat(base_of(fd), follow, path, strlen(path), &found);
  return told(error, &found, stat);
}

int stat(const char *restrict path, struct stat *restrict stat) {
  return fstatat(AT_FDCWD, path, stat, 0);
}

int lstat(const char *restrict path, struct stat *restrict stat) {
  return fstatat(AT_FDCWD, path, stat, AT_SYMLINK_NOFOLLOW);
}

// What libc's own functions ask.
int __wasilibc_stat(const char *restrict path, struct stat *restrict stat, int flags) {
  return fstatat(AT_FDCWD, path, stat, flags);
}
