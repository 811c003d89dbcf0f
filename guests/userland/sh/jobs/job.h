// Jobs: the processes of one command.
#ifndef SH_JOB_H
#define SH_JOB_H

#include <stdbool.h>
#include <sys/types.h>

#include "sh/parse/ast.h"

enum process_state { PROCESS_RUNS, PROCESS_STOPPED, PROCESS_ENDED };

struct process {
  pid_t pid;  // 0: what the shell did itself in the place of a process
  enum process_state state;
  int status;  // as waitpid gives it
};

struct job {
  struct job *next;  // the one that was current before
  int id;            // 0: not to be named yet
  pid_t group;       // 0: the shell's own
  struct process *processes;
  int count;
  char *text;
  bool changed;      // since it was last told of
  bool foreground;
};

// The newest first: that is %+, the next %-.
struct job *job_first(void);
// `node` is what it is called by, where it may be asked for.
struct job *job_new(const struct node *node);
void job_in_foreground(struct job *job);
void job_add(struct job *job, pid_t pid);
void job_add_status(struct job *job, int status);
// The group that its next process joins; 0: one of its own.
pid_t job_group(const struct job *job);
void job_forget(struct job *job);

// Waits until it ends or stops. It is forgotten, or, stopped, told of.
int job_wait_foreground(struct job *job);
// The same for what no one can stop or name.
int job_wait_hidden(struct job *job);
// It runs on by itself: it gets a number and is $!.
void job_publish(struct job *job, const struct node *node);

enum process_state job_state(const struct job *job);
int job_status(const struct job *job);
// Sent to all that is left of it; -1 and errno where that fails.
int job_signal(const struct job *job, int signal);
// What of it stands still goes on.
void job_continue(struct job *job);
// It becomes %+.
void job_make_current(struct job *job);
// Its number, which it gets where it has none.
int job_number(struct job *job);
// %1 %+ %- %text %?text, or a process; NULL after a message unless `quiet`.
struct job *job_find(const char *name, bool quiet);
struct job *job_of_process(pid_t pid);

// report.c
void job_print(const struct job *job, bool with_processes, bool only_group);
// Tells of those that changed, and forgets those that ended.
void jobs_report(void);
// A person who ends the shell is told that there are stopped jobs, and the shell does not end; true then. Whoever
// ends it again right after is not.
bool jobs_hold_back(void);
// Another line was read.
void jobs_next_line(void);

// wait.c
// What ended it, if a signal did: a script's reader cannot see that by the status alone.
void job_say_signal(const struct job *job);
// Takes in what happened to processes. `block`: waits for something; 0, or -1: no child, or a signal (EINTR).
int jobs_collect(bool block);

#endif
