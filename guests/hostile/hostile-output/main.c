// Output without end, without lines, and with bytes that are meant for a terminal.
#include "trouble.h"

static char block[65536];

static void write_for_ever(void) {
  while (write_all(1, block, sizeof block) == 0) continue;
}

static void flood(void) {
  memset(block, 'x', sizeof block);
  write_for_ever();
}

static void error_flood(void) {
  memset(block, 'e', sizeof block);
  while (write_all(2, block, sizeof block) == 0) continue;
}

static void terminal_flood(void) {
  static const char codes[] = "\x1b[2J\x1b]0;title\x07\x1b[31m\r\b\x9b";
  for (size_t at = 0; at < sizeof block; at++) block[at] = codes[at % (sizeof codes - 1)];
  write_for_ever();
}

/* One byte for each call. */
static void drip(void) {
  while (write_all(1, "x", 1) == 0) continue;
}

/* Exactly 1 GiB, without a newline. */
static void gigabyte(void) {
  memset(block, 'g', sizeof block);
  for (int count = 0; count < 16384; count++) {
    size_t left = sizeof block;
    while (left > 0) {
      __wasi_size_t done;
      __wasi_ciovec_t part = {(const uint8_t *)block, left};
      if (__wasi_fd_write(1, &part, 1, &done) != 0) exit(1);
      left -= done;
    }
  }
}

int main(int argc, char **argv) {
  static const struct trouble troubles[] = {
      {"flood", flood}, {"error-flood", error_flood}, {"terminal-flood", terminal_flood},
      {"drip", drip},   {"gigabyte", gigabyte},       {NULL, NULL},
  };
  return make_trouble(troubles, argc, argv);
}
