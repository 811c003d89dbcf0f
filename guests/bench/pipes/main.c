// Bytes through a chain of processes: pipes STAGES BYTES PIECE lent|kept. The first process writes, each
// one between copies, the last reads and says how many bytes came in a microsecond. With `kept` the parent
// holds the ends of all pipes as well, and so their bytes go through the kernel.
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST_PIECE = 65536, MOST_STAGES = 8 };
static char piece[MOST_PIECE];

static int put(size_t length) {
  for (size_t at = 0; at < length;) {
    ssize_t count = write(1, piece + at, length - at);
    if (count <= 0) return -1;
    at += (size_t)count;
  }
  return 0;
}

static int produce(long long bytes, size_t size) {
  for (long long left = bytes; left > 0; left -= (long long)size) {
    if (put(left < (long long)size ? (size_t)left : size) != 0) return 1;
  }
  return 0;
}

static int copy(long long bytes, size_t size) {
  for (long long left = bytes; left > 0;) {
    ssize_t count = read(0, piece, size);
    if (count <= 0 || put((size_t)count) != 0) return 1;
    left -= count;
  }
  return 0;
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static int consume(long long bytes, size_t size) {
  double began = 0;
  long long first = 0;
  for (long long left = bytes; left > 0;) {
    ssize_t count = read(0, piece, size);
    if (count <= 0) return 1;
    if (began == 0) {
      began = now();
      first = count;
    }
    left -= count;
  }
  printf("%.3f\n", (double)(bytes - first) / (now() - began));
  return 0;
}

static pid_t start(const char *role, char **rest, int in, int out) {
  char *args[] = {"/p", (char *)role, rest[0], rest[1], NULL};
  char *environment[] = {NULL};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (in >= 0) posix_spawn_file_actions_adddup2(&actions, in, 0);
  if (out >= 0) posix_spawn_file_actions_adddup2(&actions, out, 1);
  pid_t pid = -1;
  if (posix_spawn(&pid, "/p", &actions, NULL, args, environment) != 0) pid = -1;
  posix_spawn_file_actions_destroy(&actions);
  return pid;
}

static int chain(int stages, char **rest, int keeps) {
  int in = -1;
  for (int stage = 0; stage < stages; stage += 1) {
    int ends[2] = {-1, -1};
    int isLast = stage == stages - 1;
    if (!isLast && pipe2(ends, O_CLOEXEC) != 0) return 1;
    const char *role = stage == 0 ? "produce" : isLast ? "consume" : "copy";
    if (start(role, rest, in, ends[1]) < 0) return 1;
    if (!keeps && in >= 0) close(in);
    if (!keeps && ends[1] >= 0) close(ends[1]);
    in = ends[0];
  }
  int failed = 0;
  for (int stage = 0; stage < stages; stage += 1) {
    int status = 0;
    if (wait(&status) < 0 || status != 0) failed = 1;
  }
  return failed;
}

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  long long bytes = atoll(argv[2]);
  size_t size = (size_t)atoi(argv[3]);
  if (size < 1 || size > MOST_PIECE) return 2;
  if (strcmp(argv[1], "produce") == 0) return produce(bytes, size);
  if (strcmp(argv[1], "copy") == 0) return copy(bytes, size);
  if (strcmp(argv[1], "consume") == 0) return consume(bytes, size);
  int stages = atoi(argv[1]);
  if (argc < 5 || stages < 2 || stages > MOST_STAGES) return 2;
  return chain(stages, argv + 2, strcmp(argv[4], "kept") == 0);
}
