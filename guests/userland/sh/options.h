// What set -o knows: the one table of names and letters.
#ifndef SH_OPTIONS_H
#define SH_OPTIONS_H

#include <stdbool.h>

enum option {
  OPTION_EXPORT_ALL,   // -a
  OPTION_NOTIFY,       // -b
  OPTION_NO_CLOBBER,   // -C
  OPTION_EXIT_ON_ERROR,  // -e
  OPTION_NO_GLOB,      // -f
  OPTION_IGNORE_EOF,
  OPTION_INTERACTIVE,  // -i, not to be set later
  OPTION_LOGIN,        // -l, the same
  OPTION_MONITOR,      // -m
  OPTION_NO_EXECUTE,   // -n
  OPTION_PIPE_FAIL,
  OPTION_STDIN,        // -s, the same
  OPTION_NO_UNSET,     // -u
  OPTION_VERBOSE,      // -v
  OPTION_TRACE,        // -x
  OPTION_EMACS,
  OPTION_COUNT,
};

struct option_row {
  const char *name;
  char letter;  // or '\0'
  bool at_start;  // only the command line may set it
};

extern const struct option_row option_rows[OPTION_COUNT];

// Reads one argument that begins with - or +: letters, and o with a name out of the following argument.
// Returns the arguments used, 0 when it is none, or -1 after a message. `starting`: at_start ones are allowed,
// and *command_text is set by c.
int options_parse(int argc, char **argv, bool starting, bool *command_text);
// $-
void options_letters(char letters[OPTION_COUNT + 1]);
void options_print(bool as_commands);

#endif
