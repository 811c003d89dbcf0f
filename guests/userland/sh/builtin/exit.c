// exit and return.
#include <stdio.h>

#include "sh/builtin/builtins.h"
#include "sh/builtin/number.h"
#include "sh/jobs/job.h"
#include "sh/shell.h"

// The status that is asked for, or that of the last command. -1 after a message.
static int status_of(int argc, char **argv) {
  long long status;
  if (argc < 2) return shell.status;
  if (shell_number(argv[1], &status)) return (int)(status & 255);
  shell_error("Illegal number: %s", argv[1]);
  return -1;
}

// A person is told once that there are stopped jobs.
static bool warn_of_jobs(void) {
  static bool warned;
  if (!shell.options[OPTION_INTERACTIVE] || warned) return false;
  for (const struct job *job = job_first(); job != NULL; job = job->next) {
    if (job->id == 0 || job_state(job) != PROCESS_STOPPED) continue;
    fputs("You have stopped jobs.\n", stderr);
    warned = true;
    return true;
  }
  return false;
}

int exit_main(int argc, char **argv) {
  if (warn_of_jobs()) return 0;
  int status = status_of(argc, argv);
  if (status < 0) return 2;
  shell_exit(status);
  return status;
}

int return_main(int argc, char **argv) {
  int status = status_of(argc, argv);
  if (status < 0) return 2;
  shell.status = status;
  shell.control = CONTROL_RETURN;
  return status;
}
