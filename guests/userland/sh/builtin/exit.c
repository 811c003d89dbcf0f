// exit and return.
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

int exit_main(int argc, char **argv) {
  if (jobs_hold_back()) return 0;
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
