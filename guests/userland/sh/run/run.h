// Runs what was read.
#ifndef SH_RUN_H
#define SH_RUN_H

#include <stdbool.h>

#include "sh/parse/ast.h"
#include "sh/parse/input.h"

// Each gives the status, which is $? too. `tail`: nothing comes behind, so that the last command may take the
// place of the shell itself.
int run_node(const struct node *node, bool tail);
int shell_run_program(struct program *program, bool tail);
// A node of a program other than the one that runs.
int run_in_program(struct program *program, const struct node *node);
// Reads and runs commands to the end of the input, or until the shell stops.
int run_input(struct input *input, bool tail);
// eval, traps, and what a subshell is to do. `printed`: by a shell, for another: without aliases, and all of it is on
// the line that the shell is at.
int run_text(const char *text, bool printed, bool tail);
// . and sh FILE: an open descriptor, that it closes.
int run_file(int fd);
// The program that runs: a function keeps it.
struct program *running_program(void);
// A command's nesting (functions, eval, .): false after a message when it is too deep.
bool run_deeper(void);
void run_shallower(void);

// simple.c
int run_simple(const struct node *node, bool tail);
int run_function(const char *name, char **fields, int count);

#endif
