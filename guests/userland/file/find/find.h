// find: an expression, and the files it is asked about.
#ifndef FILE_FIND_FIND_H
#define FILE_FIND_FIND_H

#include <regex.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <time.h>

#include "lib/name-list.h"

// The file an expression is asked about.
struct visit {
  const char *path;
  const char *name;      // its last part
  const char *start;     // the operand it was found below
  struct stat info;
  bool is_link_target;   // `info` is of what a link points to
  int depth;
  bool prune;            // set by -prune: do not go below
};

struct node;
typedef bool (*test)(const struct node *node, struct visit *visit);

// +N, -N, N
struct number {
  char sign;
  int64_t value;
  int64_t unit;
};

// The arguments of -exec, and the paths that wait for the next run with +.
struct command {
  char **argv;
  int argc;
  bool batch, in_directory, ask;
  struct name_list *paths;
  size_t *length;
};

enum time_field { FIELD_ACCESS, FIELD_CHANGE, FIELD_MODIFY };
enum kind { KIND_TEST, KIND_NOT, KIND_AND, KIND_OR, KIND_COMMA };

struct node {
  enum kind kind;
  struct node *left, *right;
  test test;
  const char *text;
  int flags;
  struct number number;
  struct timespec time;
  enum time_field field;
  mode_t mode;
  char sign;
  uint64_t device, inode;
  regex_t *pattern;
  struct command command;
};

struct search {
  bool follow, follow_named, depth_first, one_device, quit;
  int64_t most, least;
  struct timespec now;
  int status;
};
extern struct search find_search;

// Reads the expression from the arguments. NULL when it has said what is wrong.
struct node *parse_find(char **words);
bool evaluate_find(const struct node *node, struct visit *visit);
// Runs the commands of -exec … + that still have paths.
void finish_find_commands(const struct node *node);

// How a primary is read: what it takes, and the test it becomes.
struct primary {
  const char *name;
  int arguments;
  // Fills in the node from its arguments. False when one makes no sense.
  bool (*read)(struct node *node, char **arguments);
  test test;
  bool acts;  // printing is not implied any more
};
extern const struct primary test_primaries[];
extern const struct primary time_primaries[];
extern const struct primary action_primaries[];

bool run_find_command(const struct node *node, struct visit *visit);
bool print_find_format(const struct node *node, struct visit *visit);
bool read_number_sign(const char *text, struct number *number, bool size);
bool matches_number(const struct number *number, int64_t value);

#endif
