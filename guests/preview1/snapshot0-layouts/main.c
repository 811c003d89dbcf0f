// A program with both import modules: libc and the cases use preview 1, and ask snapshot 0 the same
// things. Where the layouts differ, the answers must differ in just that way.
#include "cases.h"

#define OLD(name) __attribute__((import_module("wasi_unstable"), import_name(#name)))
OLD(fd_seek) int old_fd_seek(int fd, int64_t offset, int whence, uint64_t *out);
OLD(fd_filestat_get) int old_fd_filestat_get(int fd, uint8_t *out);
OLD(path_filestat_get)
int old_path_filestat_get(int fd, int flags, const char *path, size_t length, uint8_t *out);
OLD(poll_oneoff) int old_poll_oneoff(const uint8_t *in, void *out, size_t count, size_t *done);
OLD(fd_tell) int old_fd_tell(int fd, uint64_t *out);

static __wasi_fd_t ten_bytes(void) {
  __wasi_fd_t fd;
  make_file("tmp/f", "0123456789");
  EXPECT(open_path("tmp/f", 0, READ, 0, &fd), 0);
  return fd;
}

static void whence(void) {
  __wasi_fd_t fd = ten_bytes();
  uint64_t at;
  EXPECT(old_fd_seek(fd, 4, 2, &at), 0); // set
  EXPECT(at, 4);
  EXPECT(old_fd_seek(fd, 3, 0, &at), 0); // current
  EXPECT(at, 7);
  EXPECT(old_fd_seek(fd, -1, 1, &at), 0); // end
  EXPECT(at, 9);
  EXPECT(old_fd_seek(fd, 0, 3, &at), __WASI_ERRNO_INVAL);
  EXPECT(old_fd_tell(fd, &at), 0);
  EXPECT(at, 9);
  EXPECT(__wasi_fd_seek(fd, 2, 0, &at), 0); // set, in preview 1
  EXPECT(at, 2);
  EXPECT(__wasi_fd_seek(fd, 3, 1, &at), 0); // current, in preview 1
  EXPECT(at, 5);
}

/* The old form of `stat`, and nothing behind it. */
static void same_stat(const uint8_t *old, const __wasi_filestat_t *stat) {
  EXPECT(memcmp(old, &stat->dev, 8), 0);
  EXPECT(memcmp(old + 8, &stat->ino, 8), 0);
  EXPECT(old[16], stat->filetype);
  uint32_t links;
  memcpy(&links, old + 20, 4);
  EXPECT(links, stat->nlink);
  EXPECT(memcmp(old + 24, &stat->size, 8), 0);
  EXPECT(memcmp(old + 32, &stat->atim, 8), 0);
  EXPECT(memcmp(old + 40, &stat->mtim, 8), 0);
  EXPECT(memcmp(old + 48, &stat->ctim, 8), 0);
  EXPECT(old[56], 0xaa);
}

static void filestat(void) {
  __wasi_fd_t fd = ten_bytes();
  __wasi_filestat_t stat;
  uint8_t old[57];
  EXPECT(__wasi_path_link(ROOT_FD, 0, "tmp/f", ROOT_FD, "tmp/g"), 0);
  EXPECT(__wasi_fd_filestat_get(fd, &stat), 0);
  EXPECT(stat.nlink, 2);
  EXPECT(stat.size, 10);
  memset(old, 0xaa, sizeof old);
  EXPECT(old_fd_filestat_get(fd, old), 0);
  same_stat(old, &stat);
  memset(old, 0xaa, sizeof old);
  EXPECT(old_path_filestat_get(ROOT_FD, 1, "tmp/g", 5, old), 0);
  same_stat(old, &stat);
  EXPECT(old_fd_filestat_get(99, old), __WASI_ERRNO_BADF);
}

/* Two timers, 56 bytes apart, the second of which is over at once. */
static void poll(void) {
  uint8_t in[112] = {0};
  __wasi_event_t events[2];
  size_t count;
  for (int i = 0; i < 2; i += 1) {
    uint8_t *one = in + 56 * i;
    uint64_t timeout = i == 0 ? 60000000000ULL : 1000;
    uint32_t id = __WASI_CLOCKID_MONOTONIC;
    one[0] = 7 + i;
    memcpy(one + 24, &id, 4);
    memcpy(one + 32, &timeout, 8);
  }
  EXPECT(old_poll_oneoff(in, events, 2, &count), 0);
  EXPECT(count, 1);
  EXPECT(events[0].userdata, 8);
  EXPECT(events[0].type, __WASI_EVENTTYPE_CLOCK);
}

static const struct test_case CASES[] = {
    {"whence", whence}, {"filestat", filestat}, {"poll", poll}, {NULL, NULL}};

int main(int argc, char **argv) { return run_cases(CASES, argc, argv); }
