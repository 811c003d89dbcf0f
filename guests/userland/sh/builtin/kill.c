// kill: a signal to processes, and, in a shell, to its jobs.
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "lib/signal-names.h"
#include "lib/message.h"
#include "sh/builtin/builtins.h"
#include "sh/jobs/job.h"
#include "sh/output.h"

static int list(int argc, char **argv) {
  if (argc == 0) {
    for (int signal = 1; signal < SIGNAL_COUNT; signal += 1) {
      if (signal_name(signal) != NULL) output_format("%s\n", signal_name(signal));
    }
  }
  int status = 0;
  for (int i = 0; i < argc; i += 1) {
    int signal = find_signal(argv[i]);
    // A status above 128 names the signal that ended a process.
    if (signal < 0 && atoi(argv[i]) > 128) signal = atoi(argv[i]) - 128;
    if (signal < 0 || signal_name(signal) == NULL) {
      message("invalid signal number or exit status: %s", argv[i]);
      status = 1;
    } else if (*argv[i] >= '0' && *argv[i] <= '9') {
      output_format("%s\n", signal_name(signal));
    } else {
      output_format("%d\n", signal);
    }
  }
  return status;
}

static int send_to_job(const char *name, int signal) {
  struct job *job = job_find(name, false);
  if (job == NULL) return -1;
  int result = job_signal(job, signal);
  // What is stopped sees other signals only once it goes on.
  bool wakes = signal == SIGTERM || signal == SIGHUP || signal == SIGCONT;
  if (job_state(job) == PROCESS_STOPPED && wakes) job_continue(job);
  if (result != 0) message_errno("%s", name);
  return result;
}

static int send(const char *target, int signal) {
  if (*target == '%') return send_to_job(target, signal);
  char *end;
  errno = 0;
  long pid = strtol(target, &end, 10);
  if (*end != '\0' || end == target || errno != 0) {
    message("Illegal number: %s", target);
    return -1;
  }
  if (kill((pid_t)pid, signal) == 0) return 0;
  message_errno("%s", target);
  return -1;
}

static int usage(void) {
  message("usage: kill [-s signal | -signal] pid | job ... or kill -l [status]");
  return 2;
}

int kill_main(int argc, char **argv) {
  int signal = SIGTERM;
  int first = 1;
  if (argc > 1 && strcmp(argv[1], "-l") == 0) return output_finish(list(argc - 2, argv + 2));
  if (argc > 2 && (strcmp(argv[1], "-s") == 0 || strcmp(argv[1], "-n") == 0)) {
    signal = find_signal(argv[2]);
    first = 3;
  } else if (argc > 1 && argv[1][0] == '-' && strcmp(argv[1], "--") != 0) {
    signal = find_signal(argv[1] + 1);
    first = 2;
  }
  if (signal < 0) {
    message("invalid signal: %s", argv[first - 1]);
    return 1;
  }
  if (first < argc && strcmp(argv[first], "--") == 0) first += 1;
  if (first >= argc) return usage();
  int status = 0;
  for (int i = first; i < argc; i += 1) {
    if (send(argv[i], signal) != 0) status = 1;
  }
  return status;
}
