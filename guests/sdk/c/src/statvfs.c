#include <string.h>
#include <sys/statvfs.h>

#include "answer.h"

static int told(int error, const struct bulkhead_statfs *from, struct statvfs *to) {
  if (error != 0) return answered(error);
  *to = (struct statvfs){
      .f_bsize = from->block_size,
      .f_frsize = from->block_size,
      .f_blocks = from->blocks,
      .f_bfree = from->blocks_free,
      .f_bavail = from->blocks_available,
      .f_files = from->files,
      .f_ffree = from->files_free,
      .f_favail = from->files_free,
      .f_flag = (from->flags & BULKHEAD_READ_ONLY) != 0 ? ST_RDONLY : 0,
      .f_namemax = from->name_length,
      .f_type = from->type,
  };
  return 0;
}

int statvfs(const char *restrict path, struct statvfs *restrict statvfs) {
  struct bulkhead_statfs found;
  int error = bulkhead_path_statfs(BULKHEAD_CWD, path, strlen(path), &found);
  return told(error, &found, statvfs);
}

int fstatvfs(int fd, struct statvfs *statvfs) {
  struct bulkhead_statfs found;
  return told(bulkhead_fd_statfs(fd, &found), &found, statvfs);
}
