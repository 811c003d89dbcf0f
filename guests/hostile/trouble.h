// What every hostile guest shares: a table of troubles, one of which argv[1] names.
#ifndef TROUBLE_H
#define TROUBLE_H
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wasi/api.h>

/* Trouble goes on whatever it is answered. */
#pragma clang diagnostic ignored "-Wunused-result"

struct trouble {
  const char *name;
  void (*make)(void);
};

static char **arguments;

static inline int make_trouble(const struct trouble *troubles, int argc, char **argv) {
  arguments = argv;
  setvbuf(stdout, NULL, _IONBF, 0);
  for (; troubles->name != NULL; troubles++) {
    if (argc > 1 && strcmp(argv[1], troubles->name) == 0) {
      troubles->make();
      return 0;
    }
  }
  fprintf(stderr, "no such trouble\n");
  return 2;
}

/* The first preopened directory. */
#define ROOT_FD 3
#define READ __WASI_RIGHTS_FD_READ
#define WRITE __WASI_RIGHTS_FD_WRITE
#define FOLLOW __WASI_LOOKUPFLAGS_SYMLINK_FOLLOW

static inline const char *name_of(__wasi_errno_t error) {
  switch (error) {
    case __WASI_ERRNO_SUCCESS: return "SUCCESS";
    case __WASI_ERRNO_ACCES: return "EACCES";
    case __WASI_ERRNO_BADF: return "EBADF";
    case __WASI_ERRNO_DQUOT: return "EDQUOT";
    case __WASI_ERRNO_EXIST: return "EEXIST";
    case __WASI_ERRNO_FAULT: return "EFAULT";
    case __WASI_ERRNO_FBIG: return "EFBIG";
    case __WASI_ERRNO_ILSEQ: return "EILSEQ";
    case __WASI_ERRNO_INVAL: return "EINVAL";
    case __WASI_ERRNO_ISDIR: return "EISDIR";
    case __WASI_ERRNO_LOOP: return "ELOOP";
    case __WASI_ERRNO_MFILE: return "EMFILE";
    case __WASI_ERRNO_NAMETOOLONG: return "ENAMETOOLONG";
    case __WASI_ERRNO_NOENT: return "ENOENT";
    case __WASI_ERRNO_NOMEM: return "ENOMEM";
    case __WASI_ERRNO_NOSPC: return "ENOSPC";
    case __WASI_ERRNO_NOTDIR: return "ENOTDIR";
    case __WASI_ERRNO_NOTEMPTY: return "ENOTEMPTY";
    case __WASI_ERRNO_NOTSUP: return "ENOTSUP";
    case __WASI_ERRNO_NOTSOCK: return "ENOTSOCK";
    case __WASI_ERRNO_PERM: return "EPERM";
    case __WASI_ERRNO_ROFS: return "EROFS";
    case __WASI_ERRNO_SPIPE: return "ESPIPE";
    case __WASI_ERRNO_XDEV: return "EXDEV";
    default: {
      static char other[24];
      snprintf(other, sizeof other, "errno %d", error);
      return other;
    }
  }
}

/* One line for each attempt: what, and what it came to. */
#define TELL(what, error) printf("%s: %s\n", what, name_of(error))

static inline __wasi_errno_t open_path(__wasi_fd_t base, const char *path, __wasi_oflags_t oflags,
                                       __wasi_rights_t rights, __wasi_fd_t *fd) {
  return __wasi_path_open(base, FOLLOW, path, oflags, rights, 0, 0, fd);
}

/* Opens and closes. */
static inline __wasi_errno_t try_open(const char *path) {
  __wasi_fd_t fd;
  __wasi_errno_t error = open_path(ROOT_FD, path, 0, READ, &fd);
  if (error == 0) __wasi_fd_close(fd);
  return error;
}

static inline __wasi_errno_t write_all(__wasi_fd_t fd, const void *bytes, size_t length) {
  __wasi_size_t done;
  __wasi_ciovec_t part = {(const uint8_t *)bytes, length};
  return __wasi_fd_write(fd, &part, 1, &done);
}

static inline __wasi_errno_t make_file(const char *path, const char *text) {
  __wasi_fd_t fd;
  __wasi_errno_t error =
      open_path(ROOT_FD, path, __WASI_OFLAGS_CREAT | __WASI_OFLAGS_TRUNC, WRITE, &fd);
  if (error != 0) return error;
  error = write_all(fd, text, strlen(text));
  __wasi_fd_close(fd);
  return error;
}
#endif
