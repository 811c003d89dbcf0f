// Subshells without fork: the program of the shell is spawned again, and reads from a descriptor what the shell
// is at this moment (run/state.h) and what to run.
#ifndef SH_SUBSHELL_H
#define SH_SUBSHELL_H

#include <stdbool.h>
#include <stddef.h>

#include "sh/run/launch.h"

// The option by which a shell is told that it is one.
#define SUBSHELL_OPTION "-S"

bool launch_subshell(const struct node *node, struct launch *launch);
// A script that needs nothing of the shell.
bool launch_script(struct launch *launch, const char *script, size_t length);
// In the subshell: runs it, and gives its status.
int subshell_main(void);

#endif
