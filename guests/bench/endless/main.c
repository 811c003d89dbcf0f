// Runs for ever in the way its argument names, after one line of output: what a kill must stop. An
// unknown name ends with 2.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define BLOCK (64u << 20)

static volatile uint32_t sink;
static volatile int never;

static void empty(void) {
  for (;;) {}
}

static void counted(void) {
  for (;;) {
    for (uint32_t i = 0; i != UINT32_MAX; i++) sink = i;
  }
}

/** A loop whose step the compiler cannot see through. */
static void odd(void) {
  uint32_t step = 3 + (uint32_t)never;
  for (;;) {
    for (uint32_t i = 0; i < UINT32_MAX - 8; i += step) sink = i;
  }
}

static void table(void) {
  for (uint32_t state = 0;;) {
    switch (state % 7) {
      case 0: state += 5; break;
      case 1: state ^= 9; break;
      case 2: state *= 3; break;
      case 3: sink = state; break;
      case 4: state -= 1; break;
      case 5: state += sink; break;
      default: state >>= 1;
    }
    state += 1;
  }
}

__attribute__((noinline)) static uint32_t twice(uint32_t depth) {
  sink = depth;
  return depth == 0 ? 1 : twice(depth - 1) + twice(depth - 1);
}

static void recursion(void) {
  for (;;) sink = twice(40);
}

static uint32_t add(uint32_t x) { return x + 1; }
static uint32_t turn(uint32_t x) { return x ^ 0x55; }
static uint32_t (*volatile functions[])(uint32_t) = {add, turn};

static void indirect(void) {
  for (uint32_t i = 0;; i++) sink = functions[i & 1](i);
}

static void fill(void) {
  char *block = malloc(BLOCK);
  if (block == NULL) exit(3);
  for (int value = 0;; value++) {
    memset(block, value, BLOCK);
    sink = (uint8_t)block[sink % BLOCK];
  }
}

static void copy(void) {
  char *block = malloc(BLOCK);
  if (block == NULL) exit(3);
  for (;;) {
    memmove(block + 1, block, BLOCK - 1);
    sink = (uint8_t)block[sink % BLOCK];
  }
}

/** Much straight code between two turns of the loop, and slow at that. */
static void divide(void) {
  uint32_t x = UINT32_MAX;
#define TEN(step) step step step step step step step step step step
  for (;;) {
    TEN(TEN(TEN(x = UINT32_MAX / (x | 1) + sink;)))
    sink = x;
  }
}

static void calls(void) {
  struct timespec now;
  for (;;) clock_gettime(CLOCK_MONOTONIC, &now);
}

static void asleep(void) {
  for (;;) sleep(3600);
}

static void reading(void) {
  char byte;
  while (read(0, &byte, 1) > 0) sink = (uint8_t)byte;
}

static void flood(void) {
  static char block[4096];
  while (write(1, block, sizeof block) >= 0) sink += 1;
}

static const struct {
  const char *name;
  void (*run)(void);
} PATTERNS[] = {
    {"empty", empty},         {"counted", counted}, {"odd", odd},       {"table", table},
    {"recursion", recursion}, {"indirect", indirect}, {"fill", fill},   {"copy", copy},
    {"divide", divide},       {"calls", calls},     {"asleep", asleep}, {"reading", reading},
    {"flood", flood},
};

int main(int argc, char **argv) {
  const char *wanted = argc > 1 ? argv[1] : "";
  for (size_t row = 0; row < sizeof PATTERNS / sizeof *PATTERNS; row++) {
    if (strcmp(PATTERNS[row].name, wanted) != 0) continue;
    if (write(1, "started\n", 8) != 8) return 1;
    PATTERNS[row].run();
  }
  return 2;
}
