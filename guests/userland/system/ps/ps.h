// ps: columns, and the processes they are printed for.
#ifndef SYSTEM_PS_PS_H
#define SYSTEM_PS_PS_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/process-list.h"

struct column {
  const char *name;    // as -o takes it
  const char *title;
  int width;           // below zero: to the left
  char *(*text)(const struct process *process);
};
extern const struct column ps_columns[];

struct chosen {
  const struct column *column;
  char *title;         // NULL: the column's own
};

// What every process is measured against.
struct moment {
  double uptime;
  uint64_t memory;
};
extern struct moment ps_moment;

const struct column *find_ps_column(const char *name);
void print_processes(const struct process **processes, size_t count, const struct chosen *chosen, size_t chosen_count,
                     bool titles);

#endif
