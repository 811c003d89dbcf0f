// Redirections: first a plan, for which files are opened, then its steps, in the shell itself or in a process
// that is spawned.
#ifndef SH_REDIRECT_H
#define SH_REDIRECT_H

#include <stdbool.h>
#include <stddef.h>

#include "sh/parse/ast.h"

// Scripts name descriptors by one digit. The shell's own are from here on, and close on exec.
enum { FIRST_OWN_FD = 10 };

struct fd_step {
  int from;  // -1: `to` is closed
  int to;
  bool opened;  // `from` was opened for this plan
};

struct fd_plan {
  struct fd_step *steps;
  size_t count;
};

// What the descriptors were, to be put back.
struct saved_fd {
  int fd;
  int copy;  // -1: it was closed
};
struct saved {
  struct saved_fd *fds;
  size_t count;
};

// False after a message: a file could not be opened, a descriptor is not there.
bool plan_redirects(const struct redirect *redirects, struct fd_plan *plan);
// Closes what was opened for the plan.
void plan_close(struct fd_plan *plan);
// Does the steps in the shell itself, and closes the plan. `saved` NULL: for good.
bool plan_apply(struct fd_plan *plan, struct saved *saved);
void plan_restore(struct saved *saved);

// A descriptor moved out of the way of scripts; the old one is closed. -1 with errno.
int move_fd_up(int fd);
// A pipe that closes on exec, and keeps off 0 to 2. -1 with errno.
int own_pipe(int fds[2]);

#endif
