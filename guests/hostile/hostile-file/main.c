// Files that are huge, far, many or held open, and descriptors that are not what they seem.
#include "trouble.h"

static __wasi_fd_t create(const char *path) {
  __wasi_fd_t fd = 0;
  TELL("create", open_path(ROOT_FD, path, __WASI_OFLAGS_CREAT, READ | WRITE, &fd));
  return fd;
}

static void truncate_huge(void) {
  __wasi_fd_t fd = create("tmp/f");
  TELL("2^31", __wasi_fd_filestat_set_size(fd, 1ull << 31));
  TELL("2^40", __wasi_fd_filestat_set_size(fd, 1ull << 40));
  TELL("2^53", __wasi_fd_filestat_set_size(fd, 1ull << 53));
  TELL("2^53+1", __wasi_fd_filestat_set_size(fd, (1ull << 53) + 1));
  TELL("2^63-1", __wasi_fd_filestat_set_size(fd, (1ull << 63) - 1));
  TELL("2^63", __wasi_fd_filestat_set_size(fd, 1ull << 63));
  TELL("2^64-1", __wasi_fd_filestat_set_size(fd, ~0ull));
}

static __wasi_errno_t write_at(__wasi_fd_t fd, uint64_t offset) {
  __wasi_size_t done;
  __wasi_ciovec_t part = {(const uint8_t *)"x", 1};
  return __wasi_fd_pwrite(fd, &part, 1, offset, &done);
}

static void write_far(void) {
  __wasi_fd_t fd = create("tmp/f");
  __wasi_filesize_t at;
  TELL("3 GiB", write_at(fd, 3ull << 30));
  TELL("2^52", write_at(fd, 1ull << 52));
  TELL("2^53", write_at(fd, 1ull << 53));
  TELL("2^63", write_at(fd, 1ull << 63));
  TELL("2^64-1", write_at(fd, ~0ull));
  TELL("seek 2^52", __wasi_fd_seek(fd, 1ll << 52, __WASI_WHENCE_SET, &at));
  TELL("write there", write_all(fd, "x", 1));
}

static void allocate_wrap(void) {
  __wasi_fd_t fd = create("tmp/f");
  TELL("2^63 + 2^63", __wasi_fd_allocate(fd, 1ull << 63, 1ull << 63));
  TELL("2^64-1 + 2", __wasi_fd_allocate(fd, ~0ull, 2));
  TELL("0 + 2^40", __wasi_fd_allocate(fd, 0, 1ull << 40));
}

/* Makes files of one kind until that is refused. */
static void until_refused(__wasi_errno_t (*make)(const char *path)) {
  char path[32];
  __wasi_errno_t error = 0;
  int count = 0;
  for (; count < 2000000; count++) {
    snprintf(path, sizeof path, "tmp/%d", count);
    error = make(path);
    if (error != 0) break;
  }
  printf("%d made, then %s\n", count, name_of(error));
}

static __wasi_errno_t empty_file(const char *path) {
  __wasi_fd_t fd;
  __wasi_errno_t error = open_path(ROOT_FD, path, __WASI_OFLAGS_CREAT, WRITE, &fd);
  if (error == 0) __wasi_fd_close(fd);
  return error;
}
static __wasi_errno_t another_name(const char *path) {
  return __wasi_path_link(ROOT_FD, 0, "tmp/file", ROOT_FD, path);
}
static __wasi_errno_t long_link(const char *path) {
  static char text[4001];
  memset(text, 'x', 4000);
  for (int at = 200; at < 4000; at += 200) text[at] = '/';
  return __wasi_path_symlink(text, ROOT_FD, path);
}

static void inode_bomb(void) { until_refused(empty_file); }
static void name_bomb(void) {
  make_file("tmp/file", "x");
  until_refused(another_name);
}
static void link_text_bomb(void) { until_refused(long_link); }

static void disk(void) {
  static char block[65536];
  __wasi_fd_t fd = create("tmp/big");
  size_t written = 0;
  __wasi_errno_t error;
  for (;;) {
    __wasi_size_t done;
    __wasi_ciovec_t part = {(const uint8_t *)block, sizeof block};
    error = __wasi_fd_write(fd, &part, 1, &done);
    if (error != 0) break;
    written += done;
  }
  printf("%zu bytes, then %s\n", written, name_of(error));
}

static int made_files(int count) {
  char path[32];
  int made = 0;
  for (int at = 0; at < count; at++) {
    snprintf(path, sizeof path, "tmp/%d", at);
    made += empty_file(path) == 0;
  }
  return made;
}

static void readdir_huge(void) {
  static uint8_t buffer[4096];
  __wasi_fd_t fd;
  __wasi_size_t used;
  __wasi_errno_t error = 0;
  uint32_t cookie = 7;
  printf("%d files\n", made_files(3000));
  open_path(ROOT_FD, "tmp", __WASI_OFLAGS_DIRECTORY, 0, &fd);
  for (int at = 0; at < 2000 && error == 0; at++) {
    cookie = cookie * 1664525u + 1013904223u;
    error = __wasi_fd_readdir(fd, buffer, sizeof buffer, cookie % 5000, &used);
  }
  TELL("random cookies", error);
  error = 0;
  for (int at = 0; at < 2000 && error == 0; at++) {
    error = __wasi_fd_readdir(fd, buffer, 1, (uint64_t)at, &used);
    if (used != 1) error = 1;
  }
  TELL("one byte", error);
  TELL("cookie 2^64-1", __wasi_fd_readdir(fd, buffer, sizeof buffer, ~0ull, &used));
  printf("%zu bytes\n", (size_t)used);
}

/* A listing is kept with each open directory: how many may there be? */
static void listing_bomb(void) {
  uint8_t buffer[64];
  __wasi_size_t used;
  __wasi_errno_t error = 0;
  int count = 0;
  printf("%d files\n", made_files(3000));
  for (; error == 0; count++) {
    __wasi_fd_t fd;
    error = open_path(ROOT_FD, "tmp", __WASI_OFLAGS_DIRECTORY, 0, &fd);
    if (error == 0) error = __wasi_fd_readdir(fd, buffer, sizeof buffer, 0, &used);
  }
  printf("%d listings, then %s\n", count - 1, name_of(error));
}

static void fd_reuse(void) {
  __wasi_fd_t fd;
  uint8_t byte;
  __wasi_size_t done;
  __wasi_iovec_t part = {&byte, 1};
  static const __wasi_fd_t odd[] = {1u << 31, ~0u, 1u << 30, 1024, 65536};
  for (size_t at = 0; at < sizeof odd / sizeof *odd; at++) {
    TELL("read", __wasi_fd_read(odd[at], &part, 1, &done));
    TELL("close", __wasi_fd_close(odd[at]));
    TELL("renumber to", __wasi_fd_renumber(1, odd[at]));
  }
  make_file("tmp/f", "secret");
  open_path(ROOT_FD, "tmp/f", 0, READ, &fd);
  TELL("close file", __wasi_fd_close(fd));
  TELL("read closed", __wasi_fd_read(fd, &part, 1, &done));
  open_path(ROOT_FD, "tmp/f", 0, READ, &fd);
  TELL("file onto the preopen", __wasi_fd_renumber(fd, ROOT_FD));
  TELL("open below a file", try_open("tmp/f"));
  TELL("read the moved", __wasi_fd_read(ROOT_FD, &part, 1, &done));
  TELL("read the old", __wasi_fd_read(fd, &part, 1, &done));
  TELL("stdin onto itself", __wasi_fd_renumber(0, 0));
  TELL("close stderr", __wasi_fd_close(2));
  TELL("write stderr", write_all(2, "x", 1));
}

/* Different kinds of descriptors until none is left; arguments[2] is how many that must be. */
static void fd_flood(void) {
  static const char *const paths[] = {"tmp", "tmp/f", "dev/null", "proc/self/status", "dev/zero"};
  make_file("tmp/f", "x");
  __wasi_errno_t error = 0;
  __wasi_fd_t fd = 0;
  int count = 0;
  for (; count < 100000; count++) {
    error = open_path(ROOT_FD, paths[count % 5], 0, READ, &fd);
    if (error != 0) break;
  }
  printf("%d opened, then %s\n", count, name_of(error));
  __wasi_fd_close(fd);
  TELL("after one close", try_open("tmp/f"));
}

/* The largest change of size for the price of a small call, for ever. */
static void truncate_churn(void) {
  __wasi_fd_t fd = create("tmp/f");
  for (;;) {
    if (__wasi_fd_filestat_set_size(fd, 200u << 20) != 0) return;
    __wasi_fd_filestat_set_size(fd, 0);
  }
}

/* The same by one byte behind a hole. */
static void hole_churn(void) {
  __wasi_fd_t fd = create("tmp/f");
  for (;;) {
    if (write_at(fd, (200u << 20) - 1) != 0) return;
    __wasi_fd_filestat_set_size(fd, 0);
  }
}

int main(int argc, char **argv) {
  static const struct trouble troubles[] = {
      {"truncate-huge", truncate_huge},   {"write-far", write_far},
      {"allocate-wrap", allocate_wrap},   {"inode-bomb", inode_bomb},
      {"name-bomb", name_bomb},           {"link-text-bomb", link_text_bomb},
      {"disk", disk},                     {"readdir-huge", readdir_huge},
      {"listing-bomb", listing_bomb},     {"fd-reuse", fd_reuse},
      {"fd-flood", fd_flood},             {"truncate-churn", truncate_churn},
      {"hole-churn", hole_churn},
      {NULL, NULL},
  };
  return make_trouble(troubles, argc, argv);
}
