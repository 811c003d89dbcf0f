// The calls of preview 1 on open files: reading, writing, positions, flags, sizes and times.
#include "cases.h"

static __wasi_size_t done;
static uint8_t bytes[64];

static __wasi_errno_t write_text(__wasi_fd_t fd, const char *text) {
  __wasi_ciovec_t part = {(const uint8_t *)text, strlen(text)};
  return __wasi_fd_write(fd, &part, 1, &done);
}

static __wasi_errno_t read_some(__wasi_fd_t fd, size_t count) {
  __wasi_iovec_t part = {bytes, count};
  return __wasi_fd_read(fd, &part, 1, &done);
}

static __wasi_fd_t opened(const char *text, __wasi_rights_t rights, __wasi_fdflags_t flags) {
  __wasi_fd_t fd;
  make_file("tmp/f", text);
  EXPECT(open_path("tmp/f", 0, rights, flags, &fd), 0);
  return fd;
}

static void fd_read_scattered(void) {
  __wasi_fd_t fd = opened("abcdef", READ, 0);
  __wasi_iovec_t parts[3] = {{bytes, 2}, {bytes + 10, 0}, {bytes + 20, 9}};
  EXPECT(__wasi_fd_read(fd, parts, 3, &done), 0);
  EXPECT(done, 6);
  EXPECT(memcmp(bytes + 20, "cdef", 4), 0);
  EXPECT(read_some(fd, 9), 0);
  EXPECT(done, 0);
}

static void fd_pread_keeps_position(void) {
  __wasi_fd_t fd = opened("abcdef", READ, 0);
  __wasi_iovec_t part = {bytes, 2};
  __wasi_filesize_t position;
  EXPECT(__wasi_fd_pread(fd, &part, 1, 3, &done), 0);
  EXPECT(bytes[0], 'd');
  EXPECT(__wasi_fd_tell(fd, &position), 0);
  EXPECT(position, 0);
}

static void fd_write_past_end_leaves_zeros(void) {
  __wasi_fd_t fd = opened("ab", READ | WRITE, 0);
  __wasi_filesize_t position;
  EXPECT(__wasi_fd_seek(fd, 4, __WASI_WHENCE_SET, &position), 0);
  EXPECT(write_text(fd, "z"), 0);
  EXPECT(__wasi_fd_seek(fd, 0, __WASI_WHENCE_SET, &position), 0);
  EXPECT(read_some(fd, 9), 0);
  EXPECT(done, 5);
  EXPECT(memcmp(bytes, "ab\0\0z", 5), 0);
}

static void fd_write_appends(void) {
  __wasi_fd_t fd = opened("ab", READ | WRITE, __WASI_FDFLAGS_APPEND);
  __wasi_filesize_t position;
  EXPECT(write_text(fd, "c"), 0);
  EXPECT(__wasi_fd_tell(fd, &position), 0);
  EXPECT(position, 3);
  EXPECT(__wasi_fd_fdstat_set_flags(fd, 0), 0);
  EXPECT(__wasi_fd_seek(fd, 0, __WASI_WHENCE_SET, &position), 0);
  EXPECT(write_text(fd, "X"), 0);
  EXPECT(__wasi_fd_seek(fd, 0, __WASI_WHENCE_SET, &position), 0);
  EXPECT(read_some(fd, 9), 0);
  EXPECT(memcmp(bytes, "Xbc", 3), 0);
}

static void fd_write_needs_its_mode(void) {
  EXPECT(write_text(opened("ab", READ, 0), ""), __WASI_ERRNO_BADF);
  EXPECT(read_some(opened("ab", WRITE, 0), 1), __WASI_ERRNO_BADF);
  EXPECT(read_some(ROOT_FD, 1), __WASI_ERRNO_BADF);
}

static void fd_seek_bounds(void) {
  __wasi_fd_t fd = opened("abc", READ, 0);
  __wasi_filesize_t position;
  EXPECT(__wasi_fd_seek(fd, -1, __WASI_WHENCE_END, &position), 0);
  EXPECT(position, 2);
  EXPECT(__wasi_fd_seek(fd, -9, __WASI_WHENCE_CUR, &position), __WASI_ERRNO_INVAL);
  EXPECT(__wasi_fd_seek(fd, 0, 9, &position), __WASI_ERRNO_INVAL);
  EXPECT(__wasi_fd_tell(fd, &position), 0);
  EXPECT(position, 2);
  EXPECT(__wasi_fd_seek(1, 0, __WASI_WHENCE_CUR, &position), __WASI_ERRNO_SPIPE);
}

static void fd_set_size_grows_with_zeros(void) {
  __wasi_fd_t fd = opened("abc", READ | WRITE, 0);
  EXPECT(__wasi_fd_filestat_set_size(fd, 1), 0);
  EXPECT(__wasi_fd_filestat_set_size(fd, 3), 0);
  EXPECT(read_some(fd, 9), 0);
  EXPECT(done, 3);
  EXPECT(memcmp(bytes, "a\0\0", 3), 0);
  EXPECT(__wasi_fd_filestat_set_size(opened("a", READ, 0), 9), __WASI_ERRNO_INVAL);
  EXPECT(__wasi_fd_filestat_set_size(fd, 1ULL << 40), __WASI_ERRNO_FBIG);
}

static void fd_set_times_keeps_nanoseconds(void) {
  __wasi_fd_t fd = opened("a", READ, 0);
  __wasi_filestat_t stat;
  EXPECT(__wasi_fd_filestat_set_times(fd, 1, 1234567890123456789ULL,
                                      __WASI_FSTFLAGS_ATIM | __WASI_FSTFLAGS_MTIM),
         0);
  EXPECT(__wasi_fd_filestat_get(fd, &stat), 0);
  EXPECT(stat.atim, 1);
  EXPECT(stat.mtim, 1234567890123456789LL);
  EXPECT(stat.size, 1);
  EXPECT(stat.nlink, 1);
  EXPECT(stat.filetype, __WASI_FILETYPE_REGULAR_FILE);
  EXPECT(__wasi_fd_filestat_set_times(fd, 0, 0, __WASI_FSTFLAGS_ATIM | __WASI_FSTFLAGS_ATIM_NOW),
         __WASI_ERRNO_INVAL);
}

static void fd_renumber_and_close(void) {
  __wasi_fd_t one = opened("one", READ, 0);
  __wasi_fd_t two = opened("two", READ, 0);
  EXPECT(__wasi_fd_renumber(two, one), 0);
  EXPECT(read_some(two, 1), __WASI_ERRNO_BADF);
  EXPECT(read_some(one, 3), 0);
  EXPECT(bytes[0], 't');
  EXPECT(__wasi_fd_renumber(one, 99), __WASI_ERRNO_BADF);
  EXPECT(__wasi_fd_close(one), 0);
  EXPECT(__wasi_fd_close(one), __WASI_ERRNO_BADF);
}

static void fd_many_times(void) {
  make_file("tmp/f", "x");
  for (int turn = 0; turn < 20000; turn += 1) {
    __wasi_fd_t fd;
    EXPECT(open_path("tmp/f", 0, READ, 0, &fd), 0);
    EXPECT(fd, 4);
    EXPECT(__wasi_fd_close(fd), 0);
  }
}

static void fd_advise_allocate_sync(void) {
  __wasi_fd_t fd = opened("abc", READ | WRITE, 0);
  __wasi_filestat_t stat;
  EXPECT(__wasi_fd_advise(fd, 0, 0, __WASI_ADVICE_SEQUENTIAL), 0);
  EXPECT(__wasi_fd_advise(fd, 0, 0, 9), __WASI_ERRNO_INVAL);
  EXPECT(__wasi_fd_allocate(fd, 0, 100), __WASI_ERRNO_NOTSUP);
  EXPECT(__wasi_fd_filestat_get(fd, &stat), 0);
  EXPECT(stat.size, 3);
  EXPECT(__wasi_fd_sync(fd), 0);
  EXPECT(__wasi_fd_datasync(fd), 0);
  EXPECT(__wasi_fd_sync(ROOT_FD), __WASI_ERRNO_BADF);
}

static void fd_stdio_is_no_terminal(void) {
  __wasi_fdstat_t stat;
  EXPECT(__wasi_fd_fdstat_get(1, &stat), 0);
  EXPECT(stat.fs_filetype, __WASI_FILETYPE_UNKNOWN);
  EXPECT(stat.fs_rights_base & __WASI_RIGHTS_FD_SEEK, 0);
}

static void sock_on_files(void) {
  __wasi_fd_t fd = opened("a", READ, 0);
  EXPECT(__wasi_sock_shutdown(fd, __WASI_SDFLAGS_RD), __WASI_ERRNO_NOTSOCK);
  EXPECT(__wasi_sock_shutdown(99, __WASI_SDFLAGS_RD), __WASI_ERRNO_BADF);
}

static const struct test_case CASES[] = {
    {"fd_read-scattered", fd_read_scattered},
    {"fd_pread-keeps-position", fd_pread_keeps_position},
    {"fd_write-past-end-leaves-zeros", fd_write_past_end_leaves_zeros},
    {"fd_write-appends", fd_write_appends},
    {"fd_write-needs-its-mode", fd_write_needs_its_mode},
    {"fd_seek-bounds", fd_seek_bounds},
    {"fd_filestat_set_size-grows-with-zeros", fd_set_size_grows_with_zeros},
    {"fd_filestat_set_times-keeps-nanoseconds", fd_set_times_keeps_nanoseconds},
    {"fd_renumber-and-close", fd_renumber_and_close},
    {"fd_close-twenty-thousand-times", fd_many_times},
    {"fd_advise-allocate-sync", fd_advise_allocate_sync},
    {"fd_fdstat_get-stdio-is-no-terminal", fd_stdio_is_no_terminal},
    {"sock_shutdown-on-files", sock_on_files},
    {NULL, NULL},
};

int main(int argc, char **argv) { return run_cases(CASES, argc, argv); }
