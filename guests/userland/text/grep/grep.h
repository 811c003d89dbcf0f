// grep: lines that match.
#ifndef TEXT_GREP_H
#define TEXT_GREP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/bytes.h"
#include "lib/name-list.h"
#include "lib/pattern.h"

struct patterns {
  struct pattern **list;
  size_t count;
  bool word;
  bool whole_line;
};

enum binary { BINARY_SAID, BINARY_TEXT, BINARY_NONE };

struct grep {
  struct patterns patterns;
  bool invert;
  bool count;
  bool list_with;     // -l
  bool list_without;  // -L
  bool quiet;
  bool silent;
  bool only_matching;
  bool numbers;
  bool offsets;
  bool null_names;
  int names;  // -1: when there are several
  int64_t most;
  int64_t before;
  int64_t after;
  bool has_context;
  const char *group_separator;
  enum binary binary;
  char line_end;
  const char *label;
  // Directories: read them (an error), skip them, or what is in them.
  char directories;  // r, s or R (recurse)
  bool follow;
  struct name_list included;
  struct name_list excluded;
  struct name_list excluded_directories;
  // What came of it.
  bool some;
  bool failed;
};

// patterns.c: adds the patterns of `text`, one a line. False, and the reason said, when one is none.
bool patterns_add(struct patterns *patterns, const char *text, size_t length, int flags);
void patterns_free(struct patterns *patterns);
// The first match at `from` or later, the longest of those. `text` is changed while it is searched.
bool patterns_find(const struct patterns *patterns, char *text, size_t length, size_t from, struct span *span);

// file.c: searches what a descriptor has. `name` is what it is called in the output.
void grep_file(struct grep *grep, int fd, const char *name);
// walk.c: searches what an operand names.
void grep_operand(struct grep *grep, const char *name);

#endif
