// How long a process takes from its start to its end, as the parent that waits for it sees it: spawns COUNT
// PROGRAM [ARGUMENT...], a line of microseconds for each. Ends with 1 when one cannot be started, or fails.
// The same source is compiled for the machine itself, whose programs it starts then.
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static int started_and_ended(char **argv) {
  pid_t pid = 0;
  int status = 0;
  int error = posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ);
  if (error != 0) {
    fprintf(stderr, "%s: %s\n", argv[0], strerror(error));
    return 0;
  }
  return waitpid(pid, &status, 0) == pid && status == 0;
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  long count = strtol(argv[1], NULL, 10);
  for (long turn = 0; turn < count; turn += 1) {
    double began = now();
    if (!started_and_ended(argv + 2)) return 1;
    printf("%.1f\n", now() - began);
  }
  return 0;
}
