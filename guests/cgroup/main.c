// Uses what a cgroup bounds, and tells what the cgroup says of it. Each argument is a step:
//   show                  every file of /sys/fs/cgroup that is there, after its name
//   wait                  says that it is ready, and waits for a byte of standard input
//   spin:MS               for MS milliseconds; without MS, without end
//   write:PATH:SIZE:MS    blocks of SIZE to the start of PATH for MS milliseconds; bytes written
//   read:PATH:SIZE:MS     the same, read
//   fill:PATH             until the file cannot grow; its size and why
//   grow                  memory, until there is no more
//   open                  descriptors, until there are no more
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char *const FILES[] = {
    "cgroup.controllers", "cgroup.procs", "cpu.max",       "cpu.stat",    "cpu.weight",
    "io.max",             "io.stat",      "memory.current", "memory.events", "memory.max",
    "memory.peak",        "pids.current", "pids.events",   "pids.max",    "pids.peak",
};

static volatile uint64_t counter;
static char block[1 << 20];

static void show(void) {
  char text[512];
  char path[64];
  for (size_t index = 0; index < sizeof FILES / sizeof *FILES; index += 1) {
    snprintf(path, sizeof path, "/sys/fs/cgroup/%s", FILES[index]);
    int file = open(path, O_RDONLY);
    ssize_t length = file < 0 ? -1 : read(file, text, sizeof text);
    if (length < 0) continue;
    close(file);
    printf("%s: %.*s", FILES[index], (int)length, text);
  }
}

static double now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void wait_for_input(void) {
  char byte;
  printf("ready\n");
  if (read(0, &byte, 1) < 0) exit(3);
}

static void spin(double ms) {
  double end = ms == 0 ? 1e300 : now_ms() + ms;
  do {
    for (int round = 0; round < 100000; round += 1) counter += 1;
  } while (now_ms() < end);
}

static const char *name_of(int error) {
  return error == ENOSPC ? "ENOSPC" : error == EFBIG ? "EFBIG" : strerror(error);
}

/* The next part of `step` between colons; moves it on. */
static char *part(char **step) {
  char *from = *step;
  char *end = strchr(from, ':');
  *step = end == NULL ? from + strlen(from) : end + 1;
  if (end != NULL) *end = '\0';
  return from;
}

static void transfer(char *step, int writing) {
  const char *path = part(&step);
  size_t size = (size_t)atol(part(&step));
  double end = now_ms() + atof(part(&step));
  int file = open(path, writing ? O_RDWR | O_CREAT : O_RDONLY, 0600);
  uint64_t bytes = 0;
  while (now_ms() < end) {
    ssize_t done = writing ? pwrite(file, block, size, 0) : pread(file, block, size, 0);
    if (done < 0) exit(3);
    bytes += (uint64_t)done;
  }
  close(file);
  printf("%s %llu bytes\n", writing ? "wrote" : "read", (unsigned long long)bytes);
}

static void fill(const char *path) {
  int file = open(path, O_WRONLY | O_CREAT, 0600);
  uint64_t bytes = 0;
  for (;;) {
    ssize_t done = write(file, block, 65536);
    if (done < 0) break;
    bytes += (uint64_t)done;
  }
  printf("filled %llu bytes, then %s\n", (unsigned long long)bytes, name_of(errno));
}

static void grow(void) {
  size_t pages = 0;
  while (__builtin_wasm_memory_grow(0, 1) != (size_t)-1) pages += 1;
  printf("grew by %zu pages\n", pages);
}

static void open_all(void) {
  int count = 0;
  while (open("/", O_RDONLY | O_DIRECTORY) >= 0) count += 1;
  printf("opened %d, then %s\n", count, errno == EMFILE ? "EMFILE" : strerror(errno));
}

int main(int argc, char **argv) {
  setvbuf(stdout, NULL, _IONBF, 0);
  for (int index = 1; index < argc; index += 1) {
    char *step = argv[index];
    const char *verb = part(&step);
    if (strcmp(verb, "show") == 0) show();
    else if (strcmp(verb, "wait") == 0) wait_for_input();
    else if (strcmp(verb, "spin") == 0) spin(atof(step));
    else if (strcmp(verb, "write") == 0) transfer(step, 1);
    else if (strcmp(verb, "read") == 0) transfer(step, 0);
    else if (strcmp(verb, "fill") == 0) fill(step);
    else if (strcmp(verb, "grow") == 0) grow();
    else if (strcmp(verb, "open") == 0) open_all();
    else return 2;
  }
  return 0;
}
