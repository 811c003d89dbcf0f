#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <utime.h>
#include <wasi/api.h>

#include "answer.h"

/// Adds how one of the two times is set to `flags`. False: it is none.
static bool add(const struct timespec *time, __wasi_timestamp_t *ns, __wasi_fstflags_t given,
                __wasi_fstflags_t now, __wasi_fstflags_t *flags) {
  *ns = 0;
  if (time->tv_nsec == UTIME_OMIT) return true;
  if (time->tv_nsec == UTIME_NOW) {
    *flags |= now;
    return true;
  }
  if (time->tv_nsec < 0 || time->tv_nsec >= 1000000000 || time->tv_sec < 0) return false;
  *flags |= given;
  *ns = (__wasi_timestamp_t)time->tv_sec * 1000000000 + (__wasi_timestamp_t)time->tv_nsec;
  return true;
}

int utimensat(int fd, const char *path, const struct timespec times[2], int flags) {
  static const struct timespec present[2] = {{.tv_nsec = UTIME_NOW}, {.tv_nsec = UTIME_NOW}};
  if (times == NULL) times = present;
  __wasi_timestamp_t accessed, modified;
  __wasi_fstflags_t how = 0;
  if (!add(&times[0], &accessed, __WASI_FSTFLAGS_ATIM, __WASI_FSTFLAGS_ATIM_NOW, &how) ||
      !add(&times[1], &modified, __WASI_FSTFLAGS_MTIM, __WASI_FSTFLAGS_MTIM_NOW, &how)) {
    return answered(EINVAL);
  }
  __wasi_lookupflags_t follow =
      (flags & AT_SYMLINK_NOFOLLOW) != 0 ? 0 : __WASI_LOOKUPFLAGS_SYMLINK_FOLLOW;
  return answered(
      __wasi_path_filestat_set_times(base_of(fd), follow, path, accessed, modified, how));
}

int __wasilibc_utimens(const char *path, const struct timespec times[2], int flags) {
  return utimensat(AT_FDCWD, path, times, flags);
}

int utimes(const char *path, const struct timeval times[2]) {
  if (times == NULL) return utimensat(AT_FDCWD, path, NULL, 0);
  struct timespec exact[2];
  for (int at = 0; at < 2; at += 1) {
    exact[at].tv_sec = times[at].tv_sec;
    exact[at].tv_nsec = (long)times[at].tv_usec * 1000;
  }
  return utimensat(AT_FDCWD, path, exact, 0);
}

int utime(const char *path, const struct utimbuf *times) {
  if (times == NULL) return utimensat(AT_FDCWD, path, NULL, 0);
  struct timespec exact[2] = {{.tv_sec = times->actime}, {.tv_sec = times->modtime}};
  return utimensat(AT_FDCWD, path, exact, 0);
}
