// Copies of descriptors, pipes, and what fcntl says of one.
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <unistd.h>
#include <wasi/api.h>

#include "answer.h"

static int dup_from(int fd, int minimum, uint32_t flags) {
  int duplicate;
  return answered(bulkhead_fd_dup(fd, minimum, flags, &duplicate)) == 0 ? duplicate : -1;
}

int dup(int fd) { return dup_from(fd, 0, 0); }

int dup2(int from, int to) { return answered(bulkhead_fd_dup_to(from, to, 0)) == 0 ? to : -1; }

int dup3(int from, int to, int flags) {
  if (from == to || (flags & ~O_CLOEXEC) != 0) return answered(EINVAL);
  uint32_t closes = (flags & O_CLOEXEC) != 0 ? BULKHEAD_CLOEXEC : 0;
  return answered(bulkhead_fd_dup_to(from, to, closes)) == 0 ? to : -1;
}

int pipe2(int ends[2], int flags) {
  if ((flags & ~(O_CLOEXEC | O_NONBLOCK)) != 0) return answered(EINVAL);
  uint32_t how = 0;
  if ((flags & O_CLOEXEC) != 0) how |= BULKHEAD_CLOEXEC;
  if ((flags & O_NONBLOCK) != 0) how |= BULKHEAD_NONBLOCK;
  return answered(bulkhead_fd_pipe(how, ends));
}

int pipe(int ends[2]) { return pipe2(ends, 0); }

static int flags_of(int fd) {
  __wasi_fdstat_t stat;
  if (answered(__wasi_fd_fdstat_get(fd, &stat)) != 0) return -1;
  __wasi_rights_t reads = __WASI_RIGHTS_FD_READ | __WASI_RIGHTS_FD_READDIR;
  int flags = stat.fs_flags;
  if ((stat.fs_rights_base & reads) != 0) flags |= O_RDONLY;
  if ((stat.fs_rights_base & __WASI_RIGHTS_FD_WRITE) != 0) flags |= O_WRONLY;
  return flags;
}

static int close_on_exec(int fd) {
  uint32_t flags;
  if (answered(bulkhead_fd_flags_get(fd, &flags)) != 0) return -1;
  return (flags & BULKHEAD_CLOEXEC) != 0 ? FD_CLOEXEC : 0;
}

static int with_number(int fd, int command, int number) {
  switch (command) {
    case F_DUPFD:
      return dup_from(fd, number, 0);
    case F_DUPFD_CLOEXEC:
      return dup_from(fd, number, BULKHEAD_CLOEXEC);
    case F_SETFD:
      return answered(
          bulkhead_fd_flags_set(fd, (number & FD_CLOEXEC) != 0 ? BULKHEAD_CLOEXEC : 0));
    case F_SETFL:
      return answered(__wasi_fd_fdstat_set_flags(fd, number & (O_APPEND | O_NONBLOCK)));
    default:
      return answered(EINVAL);
  }
}

int fcntl(int fd, int command, ...) {
  if (command == F_GETFD) return close_on_exec(fd);
  if (command == F_GETFL) return flags_of(fd);
  va_list more;
  va_start(more, command);
  int number = va_arg(more, int);
  va_end(more);
  return with_number(fd, command, number);
}

void sync(void) {}
