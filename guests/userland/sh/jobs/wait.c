// Waiting for processes.
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

#include "sh/jobs/control.h"
#include "sh/jobs/job.h"
#include "sh/shell.h"
#include "sh/signals/trap.h"

static void take_in(pid_t pid, int status) {
  struct job *job = job_of_process(pid);
  if (job == NULL) return;
  for (int i = 0; i < job->count; i += 1) {
    struct process *process = &job->processes[i];
    if (process->pid != pid) continue;
    process->status = status;
    process->state = WIFSTOPPED(status) ? PROCESS_STOPPED : WIFCONTINUED(status) ? PROCESS_RUNS : PROCESS_ENDED;
  }
  job->changed = true;
}

int jobs_collect(bool block) {
  int flags = shell.options[OPTION_MONITOR] ? WUNTRACED | WCONTINUED : 0;
  for (;;) {
    int status;
    pid_t pid = waitpid(-1, &status, block ? flags : flags | WNOHANG);
    if (pid < 0) return -1;
    if (pid == 0) return 0;
    take_in(pid, status);
    if (block) return 0;
  }
}

static int status_of(const struct process *process) {
  if (WIFSIGNALED(process->status)) return 128 + WTERMSIG(process->status);
  if (WIFSTOPPED(process->status)) return 128 + WSTOPSIG(process->status);
  return WEXITSTATUS(process->status);
}

int job_status(const struct job *job) {
  if (job->count == 0) return 0;
  int status = status_of(&job->processes[job->count - 1]);
  if (!shell.options[OPTION_PIPE_FAIL]) return status;
  for (int i = job->count - 1; i >= 0 && status == 0; i -= 1) status = status_of(&job->processes[i]);
  return status;
}

// What was started before it was in the foreground may have been stopped for that alone.
static bool only_too_early(const struct job *job) {
  if (job->group == 0 || !job->foreground) return false;
  for (int i = 0; i < job->count; i += 1) {
    const struct process *process = &job->processes[i];
    if (process->state != PROCESS_STOPPED) continue;
    int signal = WSTOPSIG(process->status);
    if (signal != SIGTTIN && signal != SIGTTOU) return false;
  }
  return terminal_is_of(job->group);
}

// ^C and ^Z that came while the shell still had the terminal were meant for what it was starting.
static void pass_keys_on(const struct job *job, bool *interrupted) {
  if (!job->foreground || job->group == 0) return;
  if (!*interrupted && trap_was_interrupted()) {
    *interrupted = true;
    killpg(job->group, SIGINT);
  }
  if (trap_took_stop()) killpg(job->group, SIGTSTP);
}

static void wait_for(struct job *job) {
  bool interrupted = false;
  for (;;) {
    enum process_state state = job_state(job);
    pass_keys_on(job, &interrupted);
    if (state == PROCESS_STOPPED && only_too_early(job)) {
      for (int i = 0; i < job->count; i += 1) {
        if (job->processes[i].state == PROCESS_STOPPED) job->processes[i].state = PROCESS_RUNS;
      }
      killpg(job->group, SIGCONT);
      continue;
    }
    if (state != PROCESS_RUNS) return;
    if (jobs_collect(true) < 0 && errno != EINTR) return;
  }
}

void job_say_signal(const struct job *job) {
  if (job->count == 0) return;
  int status = job->processes[job->count - 1].status;
  if (!WIFSIGNALED(status)) return;
  int signal = WTERMSIG(status);
  if (signal == SIGINT) {
    if (shell.options[OPTION_INTERACTIVE]) fputc('\n', stderr);
  } else if (signal != SIGPIPE) {
    fprintf(stderr, "%s%s\n", strsignal(signal), WCOREDUMP(status) ? " (core dumped)" : "");
  }
}

// Interrupting a command of an interactive shell ends the whole line.
static void pass_interrupt_on(const struct job *job) {
  if (!shell.options[OPTION_INTERACTIVE] || job_status(job) != 128 + SIGINT) return;
  shell.control = CONTROL_ABORT;
  shell.status = 128 + SIGINT;
}

int job_wait_foreground(struct job *job) {
  wait_for(job);
  terminal_take(job_state(job) != PROCESS_ENDED || job_status(job) > 128);
  int status = job_status(job);
  if (job_state(job) == PROCESS_STOPPED) {
    job->foreground = false;
    job_number(job);
    job_make_current(job);
    fputc('\n', stderr);
    jobs_report();
    return status;
  }
  job_say_signal(job);
  pass_interrupt_on(job);
  job_forget(job);
  return status;
}

int job_wait_hidden(struct job *job) {
  wait_for(job);
  int status = job_status(job);
  job_forget(job);
  return status;
}
