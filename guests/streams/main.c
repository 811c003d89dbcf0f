// Does with its streams and files what its first argument names: copy, pattern, poll, keep, both, spin.
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int write_all(int fd, const char *bytes, size_t count) {
  for (size_t at = 0; at < count;) {
    ssize_t done = write(fd, bytes + at, count - at);
    if (done < 0) return -1;
    at += (size_t)done;
  }
  return 0;
}

/* Standard input, to its end, as standard output. */
static int copy(void) {
  static char block[5000];
  for (;;) {
    ssize_t count = read(0, block, sizeof block);
    if (count <= 0) return (int)-count;
    if (write_all(1, block, (size_t)count) < 0) return 3;
  }
}

/* `total` bytes in pieces that no ring divides by; byte i is (i * 31 + i / 256) mod 256. */
static int pattern(long total) {
  static char block[3001];
  for (long at = 0; at < total;) {
    long count = total - at < (long)sizeof block ? total - at : (long)sizeof block;
    for (long i = 0; i < count; i += 1) block[i] = (char)((at + i) * 31 + (at + i) / 256);
    if (write_all(1, block, (size_t)count) < 0) return 3;
    at += count;
  }
  return 0;
}

/* Waits for input without a deadline. */
static int wait_for_input(void) {
  struct pollfd input = {.fd = 0, .events = POLLIN};
  int count = poll(&input, 1, -1);
  printf("%d ready\n", count);
  return 0;
}

static int keep(const char *path, const char *text) {
  int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (file < 0) return 4;
  return write_all(file, text, strlen(text)) < 0 ? 3 : 0;
}

static int both(void) {
  if (write_all(1, "out\n", 4) < 0) return 3;
  return write_all(2, "err\n", 4) < 0 ? 3 : 7;
}

/* One byte, then nothing but code. */
static int spin(void) {
  if (write_all(1, "x", 1) < 0) return 3;
  for (volatile unsigned long turns = 0;; turns += 1) {}
}

int main(int argc, char **argv) {
  const char *which = argc > 1 ? argv[1] : "";
  if (strcmp(which, "copy") == 0) return copy();
  if (strcmp(which, "pattern") == 0 && argc > 2) return pattern(atol(argv[2]));
  if (strcmp(which, "poll") == 0) return wait_for_input();
  if (strcmp(which, "keep") == 0 && argc > 3) return keep(argv[2], argv[3]);
  if (strcmp(which, "both") == 0) return both();
  if (strcmp(which, "spin") == 0) return spin();
  return 2;
}
