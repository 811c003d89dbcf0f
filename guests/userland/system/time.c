// time: how long a command takes.
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

#include "lib/options.h"
#include "lib/run-program.h"

static const struct options OPTIONS = {"[-p] COMMAND [WORD]...", "+p", NULL, 125};

static void print_span(const char *name, double seconds, bool plain) {
  int64_t minutes = (int64_t)(seconds / 60);
  if (plain) fprintf(stderr, "%s %.2f\n", name, seconds);
  else fprintf(stderr, "%s\t%lldm %.2fs\n", name, (long long)minutes, seconds - (double)minutes * 60);
}

static double seconds_of(struct timeval time) { return (double)time.tv_sec + (double)time.tv_usec / 1e6; }

int time_main(int argc, char **argv) {
  bool plain = false;
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    if (option != 'p') return options_status;
    plain = true;
  }
  if (optind == argc) return usage_error(&OPTIONS, "missing operand");
  struct timespec start, end;
  struct start how = {0};
  clock_gettime(CLOCK_MONOTONIC, &start);
  int status = run_program(argv + optind, &how);
  clock_gettime(CLOCK_MONOTONIC, &end);
  struct rusage usage = {0};
  getrusage(RUSAGE_CHILDREN, &usage);
  print_span("real", (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9, plain);
  print_span("user", seconds_of(usage.ru_utime), plain);
  print_span("sys", seconds_of(usage.ru_stime), plain);
  return status;
}
