// What every test program shares: a table of cases, one of which argv[1] names.
#ifndef CASES_H
#define CASES_H
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wasi/api.h>

struct test_case {
  const char *name;
  void (*run)(void);
};

static const char *running;

#define EXPECT(what, wanted)                                                              \
  do {                                                                                    \
    long long came_ = (long long)(what);                                                  \
    long long wanted_ = (long long)(wanted);                                              \
    if (came_ != wanted_) {                                                               \
      printf("FAIL %s: %s is %lld, not %lld (line %d)\n", running, #what, came_, wanted_, \
             __LINE__);                                                                   \
      exit(1);                                                                            \
    }                                                                                     \
  } while (0)

static inline int run_cases(const struct test_case *cases, int argc, char **argv) {
  if (argc > 1 && strcmp(argv[1], "--list") == 0) {
    for (; cases->name != NULL; cases++) printf("%s\n", cases->name);
    return 0;
  }
  for (; cases->name != NULL; cases++) {
    if (argc > 1 && strcmp(argv[1], cases->name) == 0) {
      running = cases->name;
      cases->run();
      printf("ok %s\n", running);
      return 0;
    }
  }
  fprintf(stderr, "no such case\n");
  return 2;
}

/* The container's `/`. */
#define ROOT_FD 3
#define READ __WASI_RIGHTS_FD_READ
#define WRITE __WASI_RIGHTS_FD_WRITE

static inline __wasi_errno_t open_path(const char *path, __wasi_oflags_t oflags,
                                       __wasi_rights_t rights, __wasi_fdflags_t flags,
                                       __wasi_fd_t *fd) {
  return __wasi_path_open(ROOT_FD, __WASI_LOOKUPFLAGS_SYMLINK_FOLLOW, path, oflags, rights, 0,
                          flags, fd);
}

/* Makes a file with this text; what stood there is replaced. */
static inline void make_file(const char *path, const char *text) {
  __wasi_fd_t fd;
  __wasi_size_t done;
  EXPECT(open_path(path, __WASI_OFLAGS_CREAT | __WASI_OFLAGS_TRUNC, WRITE, 0, &fd), 0);
  __wasi_ciovec_t part = {(const uint8_t *)text, strlen(text)};
  EXPECT(__wasi_fd_write(fd, &part, 1, &done), 0);
  EXPECT(done, strlen(text));
  EXPECT(__wasi_fd_close(fd), 0);
}
#endif
