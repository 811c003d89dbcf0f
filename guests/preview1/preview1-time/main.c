// The calls of preview 1 that are not about files: clocks, poll, randomness, arguments, the end.
#include "cases.h"

static __wasi_timestamp_t now(void) {
  __wasi_timestamp_t time;
  EXPECT(__wasi_clock_time_get(__WASI_CLOCKID_MONOTONIC, 1, &time), 0);
  return time;
}

static void clocks(void) {
  __wasi_timestamp_t time, last = 0;
  for (__wasi_clockid_t id = 0; id < 4; id += 1) {
    EXPECT(__wasi_clock_res_get(id, &time), 0);
    EXPECT(time > 0, 1);
    EXPECT(__wasi_clock_time_get(id, 0, &time), 0);
  }
  EXPECT(__wasi_clock_time_get(9, 0, &time), __WASI_ERRNO_INVAL);
  for (int turn = 0; turn < 1000; turn += 1) {
    time = now();
    EXPECT(time >= last, 1);
    last = time;
  }
}

static __wasi_subscription_t timer(uint64_t userdata, uint64_t timeout) {
  __wasi_subscription_t one = {0};
  one.userdata = userdata;
  one.u.tag = __WASI_EVENTTYPE_CLOCK;
  one.u.u.clock.id = __WASI_CLOCKID_MONOTONIC;
  one.u.u.clock.timeout = timeout;
  return one;
}

static void poll_never_early(void) {
  __wasi_event_t event;
  __wasi_size_t count;
  for (int turn = 0; turn < 5; turn += 1) {
    __wasi_subscription_t one = timer(7, 3000000);
    __wasi_timestamp_t before = now();
    EXPECT(__wasi_poll_oneoff(&one, &event, 1, &count), 0);
    EXPECT(now() - before >= 3000000, 1);
    EXPECT(count, 1);
    EXPECT(event.userdata, 7);
    EXPECT(event.type, __WASI_EVENTTYPE_CLOCK);
    EXPECT(event.error, 0);
  }
}

static void poll_files_are_ready(void) {
  __wasi_subscription_t both[2] = {timer(1, 60000000000ULL)};
  __wasi_event_t events[2];
  __wasi_size_t count;
  __wasi_fd_t fd;
  make_file("tmp/f", "abc");
  EXPECT(open_path("tmp/f", 0, READ, 0, &fd), 0);
  both[1].userdata = 2;
  both[1].u.tag = __WASI_EVENTTYPE_FD_READ;
  both[1].u.u.fd_read.file_descriptor = fd;
  EXPECT(__wasi_poll_oneoff(both, events, 2, &count), 0);
  EXPECT(count, 1);
  EXPECT(events[0].userdata, 2);
  EXPECT(events[0].fd_readwrite.nbytes, 3);
  both[1].u.u.fd_read.file_descriptor = 99;
  EXPECT(__wasi_poll_oneoff(both, events, 2, &count), __WASI_ERRNO_BADF);
  EXPECT(__wasi_poll_oneoff(both, events, 0, &count), __WASI_ERRNO_INVAL);
}

static void poll_thousands_of_zero_sleeps(void) {
  __wasi_event_t event;
  __wasi_size_t count;
  for (int turn = 0; turn < 5000; turn += 1) {
    __wasi_subscription_t one = timer(1, 0);
    EXPECT(__wasi_poll_oneoff(&one, &event, 1, &count), 0);
    EXPECT(count, 1);
  }
}

static void random_bytes(void) {
  static uint8_t one[200000], two[200000];
  EXPECT(__wasi_random_get(one, sizeof one), 0);
  EXPECT(__wasi_random_get(two, sizeof two), 0);
  EXPECT(memcmp(one, two, sizeof one) != 0, 1);
  EXPECT(memcmp(one + 100000, one, 100000) != 0, 1);
  EXPECT(__wasi_random_get(one, 0), 0);
}

static void arguments_in_bytes(void) {
  __wasi_size_t count, size;
  EXPECT(__wasi_args_sizes_get(&count, &size), 0);
  /* preview1-time.wasm, the case, and a word of two letters and three bytes. */
  EXPECT(count, 3);
  EXPECT(size, 19 + strlen(running) + 1 + 4);
}

static void bad_pointers(void) {
  EXPECT(__wasi_random_get((uint8_t *)0xfffffff0u, 64), __WASI_ERRNO_FAULT);
  EXPECT(__wasi_clock_time_get(0, 0, (__wasi_timestamp_t *)0xfffffffcu), __WASI_ERRNO_FAULT);
  EXPECT(__wasi_sched_yield(), 0);
}

static void exit_code_is_a_byte(void) {
  printf("ok %s\n", running);
  fflush(stdout);
  __wasi_proc_exit(300);
}

static const struct test_case CASES[] = {
    {"clock_time_get-never-back", clocks},
    {"poll_oneoff-never-early", poll_never_early},
    {"poll_oneoff-files-are-ready", poll_files_are_ready},
    {"poll_oneoff-thousands-of-zero-sleeps", poll_thousands_of_zero_sleeps},
    {"random_get-long-and-different", random_bytes},
    {"args_sizes_get-in-bytes", arguments_in_bytes},
    {"random_get-bad-pointers", bad_pointers},
    {"proc_exit-code-is-a-byte", exit_code_is_a_byte},
    {NULL, NULL},
};

int main(int argc, char **argv) { return run_cases(CASES, argc, argv); }
