#include "sh/jobs/job.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sh/jobs/control.h"
#include "sh/memory/arena.h"
#include "sh/parse/print.h"
#include "sh/shell.h"
#include "sh/signals/trap.h"

static struct job *jobs;

// Ended jobs that nobody waited for are remembered up to this many.
enum { MOST_ENDED = 256 };

struct job *job_first(void) { return jobs; }

static void job_name(struct job *job, const struct node *node) {
  struct text text = {NULL, 0, 0, NULL};
  print_short(&text, node);
  free(job->text);
  job->text = text_end(&text);
}

struct job *job_new(const struct node *node) {
  struct job *job = shell_alloc(sizeof *job);
  *job = (struct job){.next = jobs};
  jobs = job;
  // In a script only what runs in the background is ever named.
  bool watched = shell.options[OPTION_INTERACTIVE] || shell.options[OPTION_MONITOR];
  if (node != NULL && watched) job_name(job, node);
  return job;
}

static struct job **place_of(const struct job *job) {
  struct job **place = &jobs;
  while (*place != job) place = &(*place)->next;
  return place;
}

void job_forget(struct job *job) {
  *place_of(job) = job->next;
  free(job->processes);
  free(job->text);
  free(job);
}

void job_in_foreground(struct job *job) {
  job->foreground = true;
  // A ^Z of before was for something else.
  trap_took_stop();
}

static struct process *add_process(struct job *job) {
  job->processes = shell_resize(job->processes, ((size_t)job->count + 1) * sizeof *job->processes);
  struct process *process = &job->processes[job->count];
  *process = (struct process){0};
  job->count += 1;
  return process;
}

void job_add(struct job *job, pid_t pid) {
  add_process(job)->pid = pid;
  if (!shell.options[OPTION_MONITOR] || job->group != 0) return;
  job->group = pid;
  if (job->foreground) terminal_give(pid);
}

void job_add_status(struct job *job, int status) {
  struct process *process = add_process(job);
  process->state = PROCESS_ENDED;
  process->status = status << 8;
}

pid_t job_group(const struct job *job) { return job->group; }

enum process_state job_state(const struct job *job) {
  enum process_state state = PROCESS_ENDED;
  for (int i = 0; i < job->count; i += 1) {
    if (job->processes[i].state == PROCESS_RUNS) return PROCESS_RUNS;
    if (job->processes[i].state == PROCESS_STOPPED) state = PROCESS_STOPPED;
  }
  return state;
}

int job_signal(const struct job *job, int signal) {
  if (job->group != 0) return killpg(job->group, signal);
  int result = 0;
  for (int i = 0; i < job->count; i += 1) {
    if (job->processes[i].state != PROCESS_ENDED) result |= kill(job->processes[i].pid, signal);
  }
  return result;
}

void job_continue(struct job *job) {
  for (int i = 0; i < job->count; i += 1) {
    if (job->processes[i].state == PROCESS_STOPPED) job->processes[i].state = PROCESS_RUNS;
  }
  job->changed = false;
  job_signal(job, SIGCONT);
}

void job_make_current(struct job *job) {
  *place_of(job) = job->next;
  job->next = jobs;
  jobs = job;
}

int job_number(struct job *job) {
  if (job->id != 0) return job->id;
  int most = 0;
  for (const struct job *other = jobs; other != NULL; other = other->next) {
    if (other->id > most) most = other->id;
  }
  job->id = most + 1;
  return job->id;
}

static void forget_oldest(void) {
  struct job *oldest = NULL;
  int ended = 0;
  for (struct job *job = jobs; job != NULL; job = job->next) {
    if (job->id == 0 || job_state(job) != PROCESS_ENDED) continue;
    ended += 1;
    oldest = job;
  }
  if (ended > MOST_ENDED) job_forget(oldest);
}

void job_publish(struct job *job, const struct node *node) {
  job_name(job, node);
  job_number(job);
  job_make_current(job);
  jobs_collect(false);
  forget_oldest();
  for (int i = 0; i < job->count; i += 1) {
    if (job->processes[i].pid != 0) shell.last_background = job->processes[i].pid;
  }
  if (shell.options[OPTION_INTERACTIVE]) fprintf(stderr, "[%d] %d\n", job->id, (int)shell.last_background);
}

struct job *job_of_process(pid_t pid) {
  for (struct job *job = jobs; job != NULL; job = job->next) {
    for (int i = 0; i < job->count; i += 1) {
      if (job->processes[i].pid == pid) return job;
    }
  }
  return NULL;
}
