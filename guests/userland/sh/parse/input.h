// Where a script comes from: a text, a descriptor, or a person. What is read stays in one flat text until the
// command that it belongs to is complete, so that the lexer can go back, and an alias is put in its place.
#ifndef SH_INPUT_H
#define SH_INPUT_H

#include <stdbool.h>

#include "sh/memory/text.h"

struct active_alias;

struct input {
  struct text text;
  size_t at;
  int line;
  // Appends a line to the text; false at the end. `continued`: a command has begun.
  bool (*refill)(struct input *input, bool continued);
  int fd;
  bool continued;
  bool ended;  // this command has nothing more to come: a person is not asked again
  bool no_aliases;
  bool one_line;  // wherever its newlines are
  struct active_alias *aliases;
  // The word that begins here or later may be an alias too: the one before ended with a blank.
  size_t alias_again;
};

enum { INPUT_END = -1 };

void input_from_text(struct input *input, const char *text, size_t length);
// Reads no more than a line at a time from what others may read too (standard input).
void input_from_fd(struct input *input, int fd, bool shared);
void shell_input_close(struct input *input);

// The next byte, or INPUT_END. Line continuations are skipped...
int input_peek(struct input *input);
int input_next(struct input *input);
// ...or not, where quotes keep them.
int input_peek_raw(struct input *input);
int input_next_raw(struct input *input);
// The byte behind the next one, as it stands.
int input_peek_second(struct input *input);

// Forgets what has been read: a command begins.
void input_begin_command(struct input *input);
// Only blanks and newlines are left, and no more can come.
bool input_is_spent(const struct input *input);
// Drops what is left of the text: after a syntax error at a prompt.
void input_drop_line(struct input *input);

// Replaces [start, at) by the alias' value, unless it is being replaced there already.
bool input_put_alias(struct input *input, size_t start, const char *name);

#endif
