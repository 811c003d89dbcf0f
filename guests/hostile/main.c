// Makes the trouble its first argument names: spin, recursion, fill, grow, fds, disk, inodes, flood.
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

/* A call tree without end that never grows deep: only fuel or time stops it. */
__attribute__((noinline)) static void bush(int depth) {
  counter += 1;
  if (depth == 0) return;
  bush(depth - 1);
  bush(depth - 1);
}

static void fill(void) {
  size_t size = 64u << 20;
  char *block = malloc(size);
  if (block == NULL) exit(3);
  for (int value = 0;; value += 1) {
    memset(block, value, size);
    counter += (uint64_t)block[value & 0xffff];
  }
}

/* Asks for pages until there are none, and tells how many came. */
static void grow(void) {
  size_t pages = 0;
  while (__builtin_wasm_memory_grow(0, 16) != (size_t)-1) pages += 16;
  printf("denied after %zu pages\n", pages);
}

static void fds(void) {
  int count = 0;
  while (open("/", O_RDONLY | O_DIRECTORY) >= 0) count += 1;
  printf("%d opened, then %s\n", count, errno == EMFILE ? "EMFILE" : strerror(errno));
}

static const char *name_of(int error) {
  return error == ENOSPC ? "ENOSPC" : error == EDQUOT ? "EDQUOT" : strerror(error);
}

static void disk(void) {
  static char block[65536];
  size_t written = 0;
  int file = open("/tmp/big", O_WRONLY | O_CREAT, 0600);
  for (;;) {
    ssize_t done = write(file, block, sizeof block);
    if (done < 0) break;
    written += (size_t)done;
  }
  printf("%zu bytes, then %s\n", written, name_of(errno));
}

static void inodes(void) {
  char path[32];
  int count = 0;
  for (;; count += 1) {
    snprintf(path, sizeof path, "/tmp/%d", count);
    int file = open(path, O_WRONLY | O_CREAT, 0600);
    if (file < 0) break;
    close(file);
  }
  printf("%d files, then %s\n", count, name_of(errno));
}

static void flood(void) {
  static char block[4096];
  memset(block, 'x', sizeof block);
  while (write(1, block, sizeof block) >= 0) counter += 1;
}

static void read_for_ever(void) {
  char byte;
  while (read(0, &byte, 1) > 0) counter += 1;
  printf("the end\n");
}

static void sleep_for_ever(void) {
  for (;;) sleep(3600);
}

static void trap(void) { __builtin_trap(); }

int main(int argc, char **argv) {
  const char *which = argc > 1 ? argv[1] : "";
  setvbuf(stdout, NULL, _IONBF, 0);
  if (strcmp(which, "spin") == 0) spin();
  else if (strcmp(which, "recursion") == 0) recursion();
  else if (strcmp(which, "bush") == 0) bush(62);
  else if (strcmp(which, "fill") == 0) fill();
  else if (strcmp(which, "grow") == 0) grow();
  else if (strcmp(which, "fds") == 0) fds();
  else if (strcmp(which, "disk") == 0) disk();
  else if (strcmp(which, "inodes") == 0) inodes();
  else if (strcmp(which, "flood") == 0) flood();
  else if (strcmp(which, "read") == 0) read_for_ever();
  else if (strcmp(which, "sleep") == 0) sleep_for_ever();
  else if (strcmp(which, "trap") == 0) trap();
  else return 2;
  return 0;
}
