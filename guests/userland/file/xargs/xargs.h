// xargs: items from standard input, and the commands they are handed to.
#ifndef FILE_XARGS_XARGS_H
#define FILE_XARGS_XARGS_H

#include <stdbool.h>
#include <stddef.h>

// How items are told apart.
struct splitting {
  int delimiter;       // -1: blanks and newlines, with quotes
  bool by_line;        // a line is an item (-I)
  const char *end;     // an item that ends the input, or NULL
};

enum item { ITEM_READ, ITEM_END, ITEM_BAD };
// The next item, in new memory. `*line_ends`: it is the last of its line.
enum item read_xargs_item(const struct splitting *splitting, char **item, bool *line_ends);

// Starts commands, as many at once as may be, and keeps the worst of their ends.
void set_xargs_parallel(long long count);
// False when nothing more should be started.
bool run_xargs(char **argv);
int finish_xargs(void);

#endif
