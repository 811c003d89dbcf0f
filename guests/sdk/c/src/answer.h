// How calls of the host become calls of POSIX.
#ifndef SDK_ANSWER_H
#define SDK_ANSWER_H
#include <bulkhead.h>
#include <errno.h>
#include <fcntl.h>

/// 0, or -1 and errno.
static inline int answered(int error) {
  if (error == 0) return 0;
  errno = error;
  return -1;
}

/// A descriptor that paths start from, as the host has it.
static inline int base_of(int fd) { return fd == AT_FDCWD ? BULKHEAD_CWD : fd; }

#endif
