// Work without end: loops, call trees, recursion, and memory that is only ever filled.
#include "trouble.h"

static volatile uint64_t counter;

static void spin(void) {
  for (;;) counter += 1;
}

__attribute__((noinline)) static uint64_t dive(uint64_t depth) {
  counter += depth;
  if (counter == UINT64_MAX) return depth; /* never: it only keeps the compiler from complaining */
  uint64_t below = dive(depth + 1);
  return below ^ counter;
}
static void recursion(void) { printf("%llu\n", (unsigned long long)dive(0)); }

static uint64_t (*volatile indirect)(uint64_t);
__attribute__((noinline)) static uint64_t dive_indirect(uint64_t depth) {
  counter += depth;
  return counter == UINT64_MAX ? depth : indirect(depth + 1) ^ counter;
}
static void indirect_recursion(void) {
  indirect = dive_indirect;
  printf("%llu\n", (unsigned long long)indirect(0));
}

/* Each frame takes 4 KiB of the stack in linear memory. */
__attribute__((noinline)) static uint64_t dive_wide(uint64_t depth) {
  volatile char frame[4096];
  frame[depth & 4095] = (char)depth;
  if (counter == UINT64_MAX) return depth;
  return dive_wide(depth + 1) ^ (uint64_t)frame[depth & 4095];
}
static void wide_recursion(void) { printf("%llu\n", (unsigned long long)dive_wide(0)); }

/* A call tree without end that never grows deep. */
__attribute__((noinline)) static void bush(int depth) {
  counter += 1;
  if (depth == 0) return;
  bush(depth - 1);
  bush(depth - 1);
}
static void call_tree(void) { bush(62); }

static void fill(void) {
  size_t size = 64u << 20;
  char *block = malloc(size);
  if (block == NULL) exit(3);
  for (int value = 0;; value += 1) {
    memset(block, value, size);
    counter += (uint64_t)block[value & 0xffff];
  }
}

static void sleep_for_ever(void) {
  __wasi_size_t count;
  __wasi_event_t event;
  __wasi_subscription_t hour = {0};
  hour.u.tag = __WASI_EVENTTYPE_CLOCK;
  hour.u.u.clock.id = __WASI_CLOCKID_MONOTONIC;
  hour.u.u.clock.timeout = 3600ull * 1000000000ull;
  for (;;) __wasi_poll_oneoff(&hour, &event, 1, &count);
}

static void read_for_ever(void) {
  uint8_t byte;
  __wasi_size_t done;
  __wasi_iovec_t part = {&byte, 1};
  do __wasi_fd_read(0, &part, 1, &done);
  while (done > 0);
  printf("the end\n");
}

static void trap(void) { __builtin_trap(); }

int main(int argc, char **argv) {
  static const struct trouble troubles[] = {
      {"spin", spin},
      {"recursion", recursion},
      {"indirect-recursion", indirect_recursion},
      {"wide-recursion", wide_recursion},
      {"call-tree", call_tree},
      {"fill", fill},
      {"sleep", sleep_for_ever},
      {"read", read_for_ever},
      {"trap", trap},
      {NULL, NULL},
  };
  return make_trouble(troubles, argc, argv);
}
