// top: one look at the processes after another.
#ifndef SYSTEM_TOP_TOP_H
#define SYSTEM_TOP_TOP_H

#include <stdbool.h>

#include "lib/process-list.h"

// What a look needs of the one before: CPU time by pid, and when it was.
struct look {
  struct process_list list;
  double moment;
};

// Prints a whole screen. `rows` and `columns` bound it; 0: they do not. `line_end` ends each line.
void print_look(const struct look *look, const struct look *before, int rows, int columns, const char *line_end);

#endif
