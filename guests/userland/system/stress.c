// stress: work for its own sake, done by processes of its own.
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/memory.h"
#include "lib/message.h"
#include "lib/number.h"
#include "lib/options.h"

extern char **environ;

enum { WORK = OPTION_NAMED, VM_BYTES, VM_KEEP, MOST_WORKERS = 1024, PAGE = 4096 };

static const struct option NAMES[] = {
  {"cpu", required_argument, NULL, 'c'}, {"vm", required_argument, NULL, 'm'}, {"io", required_argument, NULL, 'i'},
  {"vm-bytes", required_argument, NULL, VM_BYTES}, {"vm-keep", no_argument, NULL, VM_KEEP},
  {"timeout", required_argument, NULL, 't'}, {"quiet", no_argument, NULL, 'q'}, {"verbose", no_argument, NULL, 'v'},
  {"work", required_argument, NULL, WORK}, {NULL, 0, NULL, 0},
};
static const struct options OPTIONS = {
  "[-qv] [--cpu N] [--vm N] [--vm-bytes BYTES] [--vm-keep] [--io N] [--timeout DURATION]", "c:m:i:t:qv", NAMES, 1,
};

struct plan {
  int64_t cpu, memory, io, bytes;
  double seconds;
  bool quiet;
  const char *work;  // of a worker: its kind
};

static void tell(const struct plan *plan, const char *before, long long value, const char *behind) {
  if (plan->quiet) return;
  printf("stress: info: [%d] %s%lld%s\n", (int)getpid(), before, value, behind);
  fflush(stdout);
}

static void work_on_cpu(void) {
  volatile double sum = 0;
  for (uint64_t turn = 0;; turn += 1) {
    sum += sqrt((double)(turn % 1000003));
    // A signal is looked for in a call.
    if (turn % 1000000 == 0) getppid();
  }
}

// Touches every page again and again.
static int work_on_memory(int64_t bytes) {
  unsigned char *memory = malloc((size_t)bytes);
  if (memory == NULL) {
    message("out of memory: %lld bytes", (long long)bytes);
    return 1;
  }
  for (unsigned char turn = 1;; turn += 1) {
    for (int64_t at = 0; at < bytes; at += PAGE) ((volatile unsigned char *)memory)[at] = turn;
    getppid();
  }
}

static int work_on_files(void) {
  char path[] = "/tmp/stress.XXXXXX";
  int file = mkstemp(path);
  if (file < 0) {
    message_errno("%s", path);
    return 1;
  }
  unlink(path);
  char block[PAGE];
  memset(block, 'x', sizeof block);
  for (;;) {
    if (pwrite(file, block, sizeof block, 0) < 0 || fsync(file) < 0) {
      message_errno("cannot write");
      return 1;
    }
  }
}

static int work(const struct plan *plan) {
  if (strcmp(plan->work, "cpu") == 0) work_on_cpu();
  if (strcmp(plan->work, "vm") == 0) return work_on_memory(plan->bytes);
  return work_on_files();
}

static volatile sig_atomic_t ended_by;

static void note_end(int number) {
  if (number != SIGCHLD) ended_by = number;
}

static pid_t spawn_worker(const char *kind, const struct plan *plan) {
  char bytes[32];
  snprintf(bytes, sizeof bytes, "%lld", (long long)plan->bytes);
  char *argv[] = {"stress", "--work", (char *)kind, "--vm-bytes", bytes, NULL};
  pid_t pid;
  int error = posix_spawn(&pid, "/proc/self/exe", NULL, NULL, argv, environ);
  if (error == 0) return pid;
  errno = error;
  message_errno("cannot start a worker");
  return -1;
}

static bool spawn_workers(const char *kind, int64_t count, const struct plan *plan, pid_t *pids, size_t *used) {
  for (; count > 0; count -= 1) {
    pid_t pid = spawn_worker(kind, plan);
    if (pid < 0) return false;
    pids[(*used)++] = pid;
  }
  return true;
}

// Until the time is over, a signal comes or a worker fails. Whether none failed.
static bool wait_for_end(const struct plan *plan, size_t count) {
  struct timespec start, now;
  clock_gettime(CLOCK_MONOTONIC, &start);
  while (ended_by == 0 && count > 0) {
    int status;
    pid_t pid = waitpid(-1, &status, WNOHANG);
    if (pid > 0) {
      message("a worker failed: %d", (int)pid);
      return false;
    }
    clock_gettime(CLOCK_MONOTONIC, &now);
    double passed = (double)(now.tv_sec - start.tv_sec) + (double)(now.tv_nsec - start.tv_nsec) / 1e9;
    if (plan->seconds > 0 && passed >= plan->seconds) break;
    double left = plan->seconds > 0 && plan->seconds - passed < 0.1 ? plan->seconds - passed : 0.1;
    struct timespec part = {0, (long)(left * 1e9)};
    nanosleep(&part, NULL);
  }
  return true;
}

static int run(const struct plan *plan) {
  pid_t *pids = must_alloc((size_t)(plan->cpu + plan->memory + plan->io) * sizeof *pids);
  size_t count = 0;
  struct sigaction action = {.sa_handler = note_end};
  sigaction(SIGTERM, &action, NULL);
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGCHLD, &action, NULL);
  tell(plan, "dispatching hogs: ", plan->cpu + plan->memory + plan->io, "");
  time_t start = time(NULL);
  bool good = spawn_workers("cpu", plan->cpu, plan, pids, &count) && spawn_workers("vm", plan->memory, plan, pids, &count) &&
              spawn_workers("io", plan->io, plan, pids, &count);
  good = good && wait_for_end(plan, count);
  for (size_t index = 0; index < count; index += 1) kill(pids[index], SIGKILL);
  while (waitpid(-1, NULL, 0) > 0 || errno == EINTR) continue;
  free(pids);
  if (good) tell(plan, "successful run completed in ", (long long)(time(NULL) - start), "s");
  if (ended_by != 0) return 128 + ended_by;
  return good ? 0 : 1;
}

static bool set_option(int option, const char *argument, struct plan *plan) {
  switch (option) {
    case 'c': return parse_number(argument, MOST_WORKERS, &plan->cpu);
    case 'm': return parse_number(argument, MOST_WORKERS, &plan->memory);
    case 'i': return parse_number(argument, MOST_WORKERS, &plan->io);
    case VM_BYTES: return parse_size(argument, &plan->bytes) && plan->bytes > 0 && (uint64_t)plan->bytes <= SIZE_MAX / 2;
    case VM_KEEP: case 'v': return true;
    case 't': return parse_seconds(argument, &plan->seconds);
    case 'q': plan->quiet = true; return true;
    case WORK: plan->work = argument; return true;
    default: return false;
  }
}

int stress_main(int argc, char **argv) {
  struct plan plan = {.bytes = (int64_t)256 << 20};
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    if (option == OPTIONS_OVER) return options_status;
    if (set_option(option, optarg, &plan)) continue;
    message("invalid argument '%s'", optarg);
    return 1;
  }
  if (plan.work != NULL) return work(&plan);
  if (plan.cpu + plan.memory + plan.io == 0) return usage_error(&OPTIONS, "nothing to do");
  return run(&plan);
}
