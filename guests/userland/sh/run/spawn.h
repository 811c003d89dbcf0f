// Programs: spawned, or in place of the shell.
#ifndef SH_SPAWN_H
#define SH_SPAWN_H

#include <stdbool.h>
#include <sys/types.h>

#include "sh/run/launch.h"

// Where a program of the userland itself is found.
#define SELF "/proc/self/exe"

enum { STATE_FD = 10 };  // where a subshell finds its state

struct spawn {
  const char *path;
  char **argv;
  char **environment;
  const struct fd_plan *plan;  // or NULL
  int state;                   // becomes STATE_FD, or -1
};

// Adds the process to the job. 0, or the error: nothing was spawned.
int spawn_process(const struct spawn *spawn, struct launch *launch);
// The same for a command: what has no format that the system knows is a script for the shell. False after a
// message, with the status set.
bool spawn_command(struct spawn *spawn, struct launch *launch);
// Puts the command in place of the shell. Returns only after a message, with the status.
int exec_command(const char *path, char **argv, char **environment);
// There is no place for one more process: an error of the shell, as dash has it.
void say_cannot_fork(void);
// Says why a command cannot run, and gives its status: 127 not found, 126 else.
int say_cannot_run(const char *name, int error);
// Says it where the command's standard error would have been.
int say_cannot_launch(const char *name, int error, const struct fd_plan *plan, const struct launch *launch);

#endif
