// What is told of jobs.
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "sh/jobs/job.h"
#include "sh/output.h"
#include "sh/shell.h"

static void state_text(const struct job *job, char *text, size_t size) {
  int status = job->count == 0 ? 0 : job->processes[job->count - 1].status;
  switch (job_state(job)) {
    case PROCESS_RUNS: snprintf(text, size, "Running"); break;
    case PROCESS_STOPPED: snprintf(text, size, "Stopped"); break;
    default:
      if (WIFSIGNALED(status)) snprintf(text, size, "%s", strsignal(WTERMSIG(status)));
      else if (WEXITSTATUS(status) == 0) snprintf(text, size, "Done");
      else snprintf(text, size, "Done(%d)", WEXITSTATUS(status));
  }
}

static char sign_of(const struct job *job) {
  int before = 0;
  for (const struct job *other = job_first(); other != NULL && other != job; other = other->next) {
    before += other->id != 0;
  }
  return before == 0 ? '+' : before == 1 ? '-' : ' ';
}

void job_print(const struct job *job, bool with_processes, bool only_group) {
  pid_t leader = job->group != 0 ? job->group : job->count > 0 ? job->processes[0].pid : 0;
  if (only_group) {
    output_format("%d\n", (int)leader);
    return;
  }
  char state[64];
  state_text(job, state, sizeof state);
  output_format("[%d]%c  ", job->id, sign_of(job));
  if (with_processes) output_format("%d ", (int)leader);
  output_format("%-23s %s\n", state, job->text == NULL ? "" : job->text);
}

// Told of on standard error, where the prompt is.
static void print_changed(const struct job *job) {
  char state[64];
  state_text(job, state, sizeof state);
  fprintf(stderr, "[%d]%c  %-23s %s\n", job->id, sign_of(job), state, job->text == NULL ? "" : job->text);
}

void jobs_report(void) {
  struct job *next;
  for (struct job *job = job_first(); job != NULL; job = next) {
    next = job->next;
    if (job->id == 0 || !job->changed) continue;
    job->changed = false;
    enum process_state state = job_state(job);
    if (state != PROCESS_RUNS && shell.options[OPTION_INTERACTIVE]) print_changed(job);
    if (state == PROCESS_ENDED && shell.options[OPTION_INTERACTIVE]) job_forget(job);
  }
}

// How many lines are to come before it is told again.
static int told;

bool jobs_hold_back(void) {
  if (!shell.options[OPTION_INTERACTIVE] || told > 0) return false;
  const struct job *job = job_first();
  while (job != NULL && (job->id == 0 || job_state(job) != PROCESS_STOPPED)) job = job->next;
  if (job == NULL) return false;
  fputs("You have stopped jobs.\n", stderr);
  told = 2;
  return true;
}

void jobs_next_line(void) {
  if (told > 0) told -= 1;
}
