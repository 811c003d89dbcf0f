// diff: two files as lines, what changed between them, and the ways to print it.
#ifndef FILE_DIFF_DIFF_H
#define FILE_DIFF_DIFF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

enum { SAME = 0, DIFFERENT = 1, TROUBLE = 2 };

struct line {
  const char *bytes;
  size_t length;     // without the newline
  uint32_t kind;     // equal lines are of one kind
};

struct side {
  const char *path;
  char *bytes;
  size_t size;
  struct line *lines;
  size_t count;
  bool no_last_newline;
  bool absent;       // -N: taken as empty
  struct stat info;
  bool *changed;     // for each line, and one more that is false
};

struct ways {
  bool brief, recursive, new_files, report_same, ignore_case, ignore_all_space, ignore_space_change, ignore_blank_lines, text;
  bool unified, context_format;
  int64_t context;
  const char *labels[2];
};
extern struct ways diff_ways;

// False when it has said why it cannot be read.
bool read_side(struct side *side, const char *path);
void free_side(struct side *side);
bool is_binary_side(const struct side *side);
bool are_equal_sides(const struct side *left, const struct side *right);
void split_side(struct side *side);
// Gives equal lines of both sides one kind.
void class_sides(struct side *left, struct side *right);

// Marks the lines that are not on the other side.
void mark_changes(struct side *left, struct side *right);

// A run of lines that went, and those that came in their place.
struct change {
  size_t left, left_count, right, right_count;
};
// The next change from `*left`, `*right` on, which are moved behind it. False at the end.
bool next_change(const struct side *left, const struct side *right, size_t *at_left, size_t *at_right, struct change *change);
// Whether there is a change that counts.
bool print_normal(const struct side *left, const struct side *right);
bool print_unified(const struct side *left, const struct side *right);

#endif
