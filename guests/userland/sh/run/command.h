// A simple command whose words are expanded.
#ifndef SH_COMMAND_H
#define SH_COMMAND_H

#include <stdbool.h>

#include "sh/builtin/builtins.h"
#include "sh/expand/expand.h"
#include "sh/run/launch.h"

#define STANDARD_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

struct function;

struct command {
  const struct node *node;
  int argc;
  char **argv;
  bool plain;          // behind `command`: no function, nothing special
  bool standard_path;  // command -p
  bool special;
  const struct builtin *builtin;    // or NULL
  const struct function *function;  // or NULL; a program if both are
};

// All of these: false after a message.
bool expand_command(const struct node *node, struct fields *fields);
// Who the name is.
void command_resolve(struct command *command);
// `for_command`: exported, and kept in the scope of the command.
bool assign_all(const struct node *node, bool for_command);
bool launch_command(const struct command *command, const struct fd_plan *plan, struct launch *launch);
int run_builtin(const struct builtin *builtin, int argc, char **argv);

#endif
