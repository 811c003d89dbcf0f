// The operands of cp, mv and install: SOURCE TARGET, or SOURCE... DIRECTORY, or -t DIRECTORY SOURCE...
#ifndef LIB_TARGETS_H
#define LIB_TARGETS_H

#include <stdbool.h>

#include "options.h"

struct targets {
  const char *directory;  // of -t, or NULL
  bool not_directory;     // -T
};

typedef bool (*place)(const char *from, const char *to);

// Calls `place` for each source with where it goes. Answers the exit status.
int place_all(char **operands, int count, const struct targets *targets, const struct options *options, place place);

#endif
