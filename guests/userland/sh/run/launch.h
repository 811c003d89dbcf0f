// Commands in processes of their own: what may be spawned as it is, and what needs a subshell.
#ifndef SH_LAUNCH_H
#define SH_LAUNCH_H

#include <stdbool.h>

#include "sh/parse/ast.h"

struct job;
struct fd_plan;

// What a process starts with.
struct launch {
  struct job *job;  // gets the process
  int in;           // becomes descriptor 0, or -1
  int out;          // becomes descriptor 1, or -1
  bool background;  // without job control: no input, and no interrupts
  bool hidden;      // the shell's own helper: in the shell's group
  bool refused;     // there may be no more processes: said, and the end of more than this command
};

// Spawns what the node is, or each stage of the pipeline that it is. False after a message.
bool launch_node(const struct node *node, struct launch *launch);
// Waits for it, and gives its status.
int launch_foreground(const struct node *node);
int launch_background(const struct node *node);

#endif
