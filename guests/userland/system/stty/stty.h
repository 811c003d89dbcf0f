// stty: the settings of a terminal, as one table.
#ifndef SYSTEM_STTY_STTY_H
#define SYSTEM_STTY_STTY_H

#include <stdbool.h>
#include <termios.h>

enum flags { FLAGS_CONTROL, FLAGS_INPUT, FLAGS_OUTPUT, FLAGS_LOCAL };

struct setting {
  const char *name;
  enum flags flags;
  tcflag_t bits;
  bool sane;     // on in a sane terminal
};
extern const struct setting stty_settings[];

struct key {
  const char *name;
  int index;
  cc_t sane;
};
extern const struct key stty_keys[];

tcflag_t *stty_flags_of(struct termios *terminal, enum flags flags);
void print_stty_all(struct termios *terminal);
void print_stty_changed(struct termios *terminal);
// One word of the command line; `*used` says whether the one behind it was taken too.
bool apply_stty_word(struct termios *terminal, const char *word, const char *next, bool *used);

#endif
