// wait: for all that runs, or for what is named.
#include <errno.h>
#include <stddef.h>

#include "sh/builtin/builtins.h"
#include "sh/jobs/job.h"
#include "sh/shell.h"
#include "sh/signals/trap.h"

// A trapped signal ends the waiting: 128 and its number; 0: what was waited for is there.
static int wait_until_ended(const struct job *job) {
  while (job_state(job) == PROCESS_RUNS) {
    int signal = trap_pending();
    if (signal != 0) return 128 + signal;
    if (jobs_collect(true) < 0 && errno != EINTR) break;
  }
  return 0;
}

static int wait_for_all(void) {
  for (;;) {
    struct job *running = job_first();
    while (running != NULL && (running->id == 0 || job_state(running) != PROCESS_RUNS)) running = running->next;
    if (running == NULL) break;
    int signal = wait_until_ended(running);
    if (signal != 0) return signal;
  }
  struct job *next;
  for (struct job *job = job_first(); job != NULL; job = next) {
    next = job->next;
    if (job->id != 0 && job_state(job) == PROCESS_ENDED) job_forget(job);
  }
  return 0;
}

static int wait_for_one(const char *name) {
  struct job *job = job_find(name, *name != '%');
  if (job == NULL) return 127;
  int signal = wait_until_ended(job);
  if (signal != 0) return signal;
  int status = job_status(job);
  if (job_state(job) == PROCESS_ENDED) {
    job_say_signal(job);
    job_forget(job);
  }
  return status;
}

int wait_main(int argc, char **argv) {
  if (argc == 1) return wait_for_all();
  int status = 0;
  for (int i = 1; i < argc; i += 1) status = wait_for_one(argv[i]);
  return status;
}
