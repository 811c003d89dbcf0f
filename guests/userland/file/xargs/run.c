#include <errno.h>
#include <stdio.h>
#include <sys/wait.h>

#include "lib/message.h"
#include "lib/run-program.h"
#include "xargs.h"

enum { SOME_FAILED = 123, ONE_SAID_STOP = 124, ONE_WAS_KILLED = 125 };

static long long most = 1;
static long long running;
static int status;
static bool stop;

void set_xargs_parallel(long long count) { most = count; }

static void note(int wait_status) {
  if (WIFSIGNALED(wait_status)) {
    message("command terminated by signal %d", WTERMSIG(wait_status));
    status = ONE_WAS_KILLED;
    stop = true;
  } else if (WEXITSTATUS(wait_status) == 255) {
    message("command exited with status 255; aborting");
    status = ONE_SAID_STOP;
    stop = true;
  } else if (WEXITSTATUS(wait_status) != 0 && status == 0) {
    status = SOME_FAILED;
  }
}

static void wait_for_one(void) {
  int wait_status;
  pid_t pid;
  do pid = waitpid(-1, &wait_status, 0);
  while (pid < 0 && errno == EINTR);
  if (pid < 0) {
    running = 0;
    return;
  }
  running -= 1;
  note(wait_status);
}

bool run_xargs(char **argv) {
  while (most > 0 && running >= most) wait_for_one();
  if (stop) return false;
  struct start how = {.no_input = true};
  int failure;
  if (start_program(argv, &how, &failure) < 0) {
    status = failure;
    stop = true;
    return false;
  }
  running += 1;
  // One at a time: its end decides whether there is a next.
  if (most == 1) wait_for_one();
  return !stop;
}

int finish_xargs(void) {
  while (running > 0) wait_for_one();
  return status;
}
