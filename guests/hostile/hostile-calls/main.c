// Calls with pointers, counts and numbers that no honest program would use, or far too often.
#include "trouble.h"

/* The imports themselves: the generated calls would measure and copy first. */
#define RAW(name, ...)                                                                      \
  __attribute__((import_module("wasi_snapshot_preview1"), import_name(#name))) extern int32_t \
  raw_##name(__VA_ARGS__)

typedef int32_t i32;
typedef int64_t i64;
RAW(args_get, i32, i32);
RAW(args_sizes_get, i32, i32);
RAW(environ_get, i32, i32);
RAW(environ_sizes_get, i32, i32);
RAW(clock_res_get, i32, i32);
RAW(clock_time_get, i32, i64, i32);
RAW(fd_fdstat_get, i32, i32);
RAW(fd_filestat_get, i32, i32);
RAW(fd_pread, i32, i32, i32, i64, i32);
RAW(fd_prestat_get, i32, i32);
RAW(fd_prestat_dir_name, i32, i32, i32);
RAW(fd_pwrite, i32, i32, i32, i64, i32);
RAW(fd_read, i32, i32, i32, i32);
RAW(fd_readdir, i32, i32, i32, i64, i32);
RAW(fd_seek, i32, i64, i32, i32);
RAW(fd_tell, i32, i32);
RAW(fd_write, i32, i32, i32, i32);
RAW(path_create_directory, i32, i32, i32);
RAW(path_filestat_get, i32, i32, i32, i32, i32);
RAW(path_filestat_set_times, i32, i32, i32, i32, i64, i64, i32);
RAW(path_link, i32, i32, i32, i32, i32, i32, i32);
RAW(path_open, i32, i32, i32, i32, i32, i64, i64, i32, i32);
RAW(path_readlink, i32, i32, i32, i32, i32, i32);
RAW(path_remove_directory, i32, i32, i32);
RAW(path_rename, i32, i32, i32, i32, i32, i32);
RAW(path_symlink, i32, i32, i32, i32, i32);
RAW(path_unlink_file, i32, i32, i32);
RAW(poll_oneoff, i32, i32, i32, i32);
RAW(random_get, i32, i32);

static i32 good, file;
#define GOOD_PATH ((i32) "tmp/f")
#define LENGTH 5

/* Every pointer of every call in turn is `bad`; all else is right. */
static void each_pointer(i32 bad, i32 length) {
  static i32 list[2];
  list[0] = good;
  list[1] = 4;
  static i32 bad_list[2];
  bad_list[0] = bad;
  bad_list[1] = length;
  i32 one = (i32)list, wrong = (i32)bad_list;
  TELL("args_get 0", raw_args_get(bad, good));
  TELL("args_get 1", raw_args_get(good, bad));
  TELL("args_sizes_get 0", raw_args_sizes_get(bad, good));
  TELL("args_sizes_get 1", raw_args_sizes_get(good, bad));
  TELL("environ_get 0", raw_environ_get(bad, good));
  TELL("environ_get 1", raw_environ_get(good, bad));
  TELL("environ_sizes_get 0", raw_environ_sizes_get(bad, good));
  TELL("environ_sizes_get 1", raw_environ_sizes_get(good, bad));
  TELL("clock_res_get", raw_clock_res_get(1, bad));
  TELL("clock_time_get", raw_clock_time_get(1, 0, bad));
  TELL("fd_fdstat_get", raw_fd_fdstat_get(file, bad));
  TELL("fd_filestat_get", raw_fd_filestat_get(file, bad));
  TELL("fd_pread list", raw_fd_pread(file, bad, 1, 0, good));
  TELL("fd_pread buffer", raw_fd_pread(file, wrong, 1, 0, good));
  TELL("fd_pread out", raw_fd_pread(file, one, 1, 0, bad));
  TELL("fd_prestat_get", raw_fd_prestat_get(ROOT_FD, bad));
  TELL("fd_prestat_dir_name", raw_fd_prestat_dir_name(ROOT_FD, bad, length));
  TELL("fd_pwrite list", raw_fd_pwrite(file, bad, 1, 0, good));
  TELL("fd_pwrite buffer", raw_fd_pwrite(file, wrong, 1, 0, good));
  TELL("fd_pwrite out", raw_fd_pwrite(file, one, 1, 0, bad));
  TELL("fd_read list", raw_fd_read(file, bad, 1, good));
  TELL("fd_read buffer", raw_fd_read(file, wrong, 1, good));
  TELL("fd_read out", raw_fd_read(file, one, 1, bad));
  TELL("fd_readdir buffer", raw_fd_readdir(ROOT_FD, bad, length, 0, good));
  TELL("fd_readdir out", raw_fd_readdir(ROOT_FD, good, 64, 0, bad));
  TELL("fd_seek", raw_fd_seek(file, 0, 0, bad));
  TELL("fd_tell", raw_fd_tell(file, bad));
  TELL("fd_write list", raw_fd_write(file, bad, 1, good));
  TELL("fd_write buffer", raw_fd_write(file, wrong, 1, good));
  TELL("fd_write out", raw_fd_write(file, one, 1, bad));
  TELL("path_create_directory", raw_path_create_directory(ROOT_FD, bad, LENGTH));
  TELL("path_filestat_get path", raw_path_filestat_get(ROOT_FD, 0, bad, LENGTH, good));
  TELL("path_filestat_get out", raw_path_filestat_get(ROOT_FD, 0, GOOD_PATH, LENGTH, bad));
  TELL("path_filestat_set_times", raw_path_filestat_set_times(ROOT_FD, 0, bad, LENGTH, 0, 0, 0));
  TELL("path_link old", raw_path_link(ROOT_FD, 0, bad, LENGTH, ROOT_FD, GOOD_PATH, LENGTH));
  TELL("path_link new", raw_path_link(ROOT_FD, 0, GOOD_PATH, LENGTH, ROOT_FD, bad, LENGTH));
  TELL("path_open path", raw_path_open(ROOT_FD, 0, bad, LENGTH, 0, READ, 0, 0, good));
  TELL("path_open out", raw_path_open(ROOT_FD, 0, GOOD_PATH, LENGTH, 0, READ, 0, 0, bad));
  TELL("path_readlink path", raw_path_readlink(ROOT_FD, bad, LENGTH, good, 64, good));
  TELL("path_readlink buffer", raw_path_readlink(ROOT_FD, (i32) "tmp/l", 5, bad, length, good));
  TELL("path_readlink out", raw_path_readlink(ROOT_FD, (i32) "tmp/l", 5, good, 64, bad));
  TELL("path_remove_directory", raw_path_remove_directory(ROOT_FD, bad, LENGTH));
  TELL("path_rename old", raw_path_rename(ROOT_FD, bad, LENGTH, ROOT_FD, GOOD_PATH, LENGTH));
  TELL("path_rename new", raw_path_rename(ROOT_FD, GOOD_PATH, LENGTH, ROOT_FD, bad, LENGTH));
  TELL("path_symlink text", raw_path_symlink(bad, LENGTH, ROOT_FD, (i32) "tmp/s", 5));
  TELL("path_symlink path", raw_path_symlink(GOOD_PATH, LENGTH, ROOT_FD, bad, LENGTH));
  TELL("path_unlink_file", raw_path_unlink_file(ROOT_FD, bad, LENGTH));
  TELL("poll_oneoff in", raw_poll_oneoff(bad, good, 1, good));
  TELL("poll_oneoff out", raw_poll_oneoff(good, bad, 1, good));
  TELL("poll_oneoff count", raw_poll_oneoff(good, good, 1, bad));
  TELL("random_get", raw_random_get(bad, length));
}

/* `good` is zeroed memory: as a subscription it is a clock that has fired. */
static void prepare(void) {
  __wasi_fd_t fd;
  make_file("tmp/f", "0123456789");
  __wasi_path_symlink("target", ROOT_FD, "tmp/l");
  open_path(ROOT_FD, "tmp/f", 0, READ | WRITE, &fd);
  file = (i32)fd;
  good = (i32)calloc(1, 65536);
}

static void pointers_minus_one(void) {
  prepare();
  each_pointer(-1, 2);
}
static void pointers_wrap(void) {
  prepare();
  each_pointer(-16, -1);
}
/* Whatever is read or written there has its first byte inside and its last outside. */
static void pointers_at_the_end(void) {
  prepare();
  each_pointer((i32)(__builtin_wasm_memory_size(0) * 65536) - 1, 2);
}

static void buffer_flood(void) {
  __wasi_size_t done = 0;
  uint8_t *block = malloc(1 << 20);
  __wasi_iovec_t *list = calloc(1 << 20, sizeof *list);
  prepare();
  TELL("2^32-1", raw_fd_read(file, (i32)list, -1, (i32)&done));
  TELL("2^29", raw_fd_write(file, (i32)list, 1 << 29, (i32)&done));
  TELL("a million empty", raw_fd_read(file, (i32)list, 1 << 20, (i32)&done));
  TELL("1024 empty", raw_fd_read(file, (i32)list, 1024, (i32)&done));
  for (int at = 0; at < 1024; at++) list[at] = (__wasi_iovec_t){block, 1 << 20};
  TELL("1024 of one buffer", raw_fd_pwrite(file, (i32)list, 1024, 0, (i32)&done));
  printf("%zu bytes\n", (size_t)done);
  list[0] = (__wasi_iovec_t){(uint8_t *)list, 64};
  TELL("into the list itself", raw_fd_pread(file, (i32)list, 1, 0, (i32)list));
}

static void edges_of_64_bits(void) {
  __wasi_filesize_t at;
  __wasi_timestamp_t time;
  __wasi_size_t count;
  __wasi_event_t event;
  prepare();
  TELL("seek 2^53+1", raw_fd_seek(file, (1ll << 53) + 1, 0, (i32)&at));
  TELL("seek 2^53-1", raw_fd_seek(file, (1ll << 53) - 1, 0, (i32)&at));
  printf("%llx\n", (unsigned long long)at);
  TELL("one more", raw_fd_seek(file, 1, 1, (i32)&at));
  TELL("seek -1", raw_fd_seek(file, -1, 0, (i32)&at));
  TELL("seek -2^63", raw_fd_seek(file, INT64_MIN, 1, (i32)&at));
  TELL("seek 2^63-1 from the end", raw_fd_seek(file, INT64_MAX, 2, (i32)&at));
  TELL("tell", raw_fd_tell(file, (i32)&at));
  printf("%llx\n", (unsigned long long)at);
  TELL("precision -1", raw_clock_time_get(0, -1, (i32)&time));
  TELL("precision 2^63", raw_clock_time_get(1, INT64_MIN, (i32)&time));
  TELL("clock 2^31", raw_clock_time_get(INT32_MIN, 0, (i32)&time));
  __wasi_subscription_t clock = {0};
  clock.u.u.clock.id = __WASI_CLOCKID_MONOTONIC;
  clock.u.u.clock.flags = __WASI_SUBCLOCKFLAGS_SUBSCRIPTION_CLOCK_ABSTIME;
  clock.u.u.clock.timeout = 0;
  TELL("poll at 0", raw_poll_oneoff((i32)&clock, (i32)&event, 1, (i32)&count));
  __wasi_filestat_t stat;
  TELL("times 2^64-1", __wasi_path_filestat_set_times(ROOT_FD, 0, "tmp/f", ~0ull, ~0ull, 5));
  TELL("stat", __wasi_path_filestat_get(ROOT_FD, 0, "tmp/f", &stat));
  printf("%llx\n", (unsigned long long)stat.mtim);
}

/* As far away as 64 bits can say: it must sleep, and be killed in its sleep. */
static void sleep_till_the_end(void) {
  __wasi_size_t count;
  __wasi_event_t event;
  __wasi_subscription_t clock = {0};
  clock.u.u.clock.id = __WASI_CLOCKID_MONOTONIC;
  clock.u.u.clock.timeout = ~0ull;
  TELL("slept", __wasi_poll_oneoff(&clock, &event, 1, &count));
}

static void random_flood(void) {
  size_t most = 400u << 20;
  uint8_t *block = malloc(most);
  if (block == NULL) exit(3);
  for (;;) raw_random_get((i32)block, (i32)most);
}

static void poll_refused(void) {
  __wasi_size_t count;
  prepare();
  TELL("none", raw_poll_oneoff(good, good, 0, (i32)&count));
  TELL("a million", raw_poll_oneoff(good, good, 1000000, (i32)&count));
  TELL("2^32-1", raw_poll_oneoff(good, good, -1, (i32)&count));
}

static void poll_flood(void) {
  __wasi_size_t count;
  i32 events = (i32)calloc(4096, 32), subscriptions = (i32)calloc(4096, 48);
  for (;;) raw_poll_oneoff(subscriptions, events, 4096, (i32)&count);
}

static void clock_probe(void) {
  __wasi_timestamp_t least = ~0ull, before, now, declared;
  __wasi_clock_res_get(__WASI_CLOCKID_MONOTONIC, &declared);
  __wasi_clock_time_get(__WASI_CLOCKID_MONOTONIC, 0, &before);
  for (int at = 0; at < 20000; at++) {
    __wasi_clock_time_get(__WASI_CLOCKID_MONOTONIC, 0, &now);
    if (now < before) printf("backwards\n");
    if (now > before && now - before < least) least = now - before;
    before = now;
  }
  printf("%s\n", least >= declared && declared > 0 ? "not finer than declared" : "finer");
}

static void call_storm(void) {
  for (;;) __wasi_sched_yield();
}
static void clock_storm(void) {
  __wasi_timestamp_t now;
  for (;;) __wasi_clock_time_get(__WASI_CLOCKID_MONOTONIC, 0, &now);
}
static void open_storm(void) {
  for (;;) try_open("etc/passwd");
}

int main(int argc, char **argv) {
  static const struct trouble troubles[] = {
      {"pointers-minus-one", pointers_minus_one},
      {"pointers-wrap", pointers_wrap},
      {"pointers-at-the-end", pointers_at_the_end},
      {"buffer-flood", buffer_flood},
      {"edges-of-64-bits", edges_of_64_bits},
      {"sleep-till-the-end", sleep_till_the_end},
      {"random-flood", random_flood},
      {"poll-refused", poll_refused},
      {"poll-flood", poll_flood},
      {"clock-probe", clock_probe},
      {"call-storm", call_storm},
      {"clock-storm", clock_storm},
      {"open-storm", open_storm},
      {NULL, NULL},
  };
  return make_trouble(troubles, argc, argv);
}
