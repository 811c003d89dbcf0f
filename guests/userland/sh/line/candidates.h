// What a word may become: commands and files that begin with it.
#ifndef SH_CANDIDATES_H
#define SH_CANDIDATES_H

#include <stdbool.h>

struct candidates {
  char **names;  // sorted, each once
  int count;
};

void candidates_of_commands(const char *prefix, struct candidates *c);
// `directory` is "" for here. Directories end with a slash.
void candidates_of_files(const char *directory, const char *prefix, struct candidates *c);
void candidates_free(struct candidates *c);

#endif
