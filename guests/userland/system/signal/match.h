// Which processes pgrep, pkill and killall mean.
#ifndef SYSTEM_SIGNAL_MATCH_H
#define SYSTEM_SIGNAL_MATCH_H

#include <regex.h>
#include <stdbool.h>

#include "lib/name-list.h"
#include "lib/process-list.h"

struct wish {
  regex_t *pattern;     // or NULL: any
  bool full, exact, invert, newest, oldest;
  struct name_list users, parents, groups;
};

// The processes that are meant, never the caller itself: marks in `chosen`. How many.
size_t choose_processes(const struct wish *wish, const struct process_list *list, bool *chosen);
// Takes -SIGNAL out of the arguments. False when it is none; `*number` stays when there is no such argument.
bool take_signal_option(int *argc, char **argv, int *number);

#endif
