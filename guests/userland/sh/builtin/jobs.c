// jobs, fg and bg.
#include <stdio.h>
#include <string.h>

#include "sh/builtin/builtins.h"
#include "sh/jobs/control.h"
#include "sh/jobs/job.h"
#include "sh/output.h"
#include "sh/shell.h"

static int print_named(int argc, char **argv, bool with_processes, bool only_group) {
  int status = 0;
  for (int i = 0; i < argc; i += 1) {
    const struct job *job = job_find(argv[i], false);
    if (job == NULL) status = 2;
    else job_print(job, with_processes, only_group);
  }
  return status;
}

static void print_all(bool with_processes, bool only_group) {
  int most = 0;
  for (const struct job *job = job_first(); job != NULL; job = job->next) {
    if (job->id > most) most = job->id;
  }
  for (int id = 1; id <= most; id += 1) {
    for (struct job *job = job_first(); job != NULL; job = job->next) {
      if (job->id != id) continue;
      job_print(job, with_processes, only_group);
      job->changed = false;
    }
  }
}

static void forget_ended(void) {
  struct job *next;
  for (struct job *job = job_first(); job != NULL; job = next) {
    next = job->next;
    if (job->id != 0 && job_state(job) == PROCESS_ENDED) job_forget(job);
  }
}

int jobs_main(int argc, char **argv) {
  bool with_processes = false, only_group = false;
  int i = 1;
  for (; i < argc && argv[i][0] == '-' && argv[i][1] != '\0'; i += 1) {
    if (strcmp(argv[i], "-l") == 0) with_processes = true;
    else if (strcmp(argv[i], "-p") == 0) only_group = true;
    else break;
  }
  jobs_collect(false);
  if (i < argc) return print_named(argc - i, argv + i, with_processes, only_group);
  print_all(with_processes, only_group);
  // What was told of as ended is gone; a script may still wait for it.
  if (shell.options[OPTION_INTERACTIVE]) forget_ended();
  return 0;
}

static const char *text_of(const struct job *job) { return job->text == NULL ? "" : job->text; }

static int bring_to_front(struct job *job) {
  output_format("%s\n", text_of(job));
  output_flush();
  job_in_foreground(job);
  if (job->group != 0) terminal_give(job->group);
  job_continue(job);
  return job_wait_foreground(job);
}

static int let_go_on(struct job *job) {
  output_format("[%d] %s\n", job->id, text_of(job));
  job_make_current(job);
  job_continue(job);
  return 0;
}

// Each job that is named, or the current one.
static int for_each(int argc, char **argv, int (*action)(struct job *)) {
  if (!shell.options[OPTION_MONITOR]) {
    shell_warn("%s: no job control", argv[0]);
    return 2;
  }
  int status = 0;
  for (int i = 1; i == 1 || i < argc; i += 1) {
    struct job *job = job_find(argc > 1 ? argv[i] : "%+", false);
    status = job == NULL ? 2 : action(job);
    if (shell_stopped()) break;
  }
  return status;
}

int foreground_main(int argc, char **argv) { return for_each(argc, argv, bring_to_front); }

int background_main(int argc, char **argv) { return for_each(argc, argv, let_go_on); }
