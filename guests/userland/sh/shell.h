// What a shell is at this moment, but for what has a module of its own: variables (vars/), functions, aliases,
// jobs (jobs/), traps (signals/).
#ifndef SH_SHELL_H
#define SH_SHELL_H

#include <stdbool.h>
#include <sys/types.h>

#include "sh/options.h"

// What stops commands from following one another.
enum control {
  CONTROL_NONE,
  CONTROL_BREAK,
  CONTROL_CONTINUE,
  CONTROL_RETURN,
  CONTROL_EXIT,   // the shell ends
  CONTROL_ABORT,  // back to the prompt
};

struct shell {
  const char *name;  // $0
  char **params;     // $1…, NULL behind the last
  int param_count;
  int status;              // $?
  int substitution_status; // of the last $( ) of a command without a name, or -1
  pid_t pid;               // $$: of the shell that this one is a subshell of
  pid_t last_background;   // $!, or 0
  bool options[OPTION_COUNT];
  bool subshell;
  enum control control;
  bool failed;           // it stopped by an error, not by a command that says so
  int control_count;     // loops that break and continue are still to leave
  int condition_depth;   // in a condition, set -e ends nothing
  int loop_depth;
  int function_depth;
  int evaluation_depth;
  const char *stack;  // where it was when the shell began
  int line;
};

extern struct shell shell;

// What commands may nest at run time (functions, eval, .), and the bytes of stack that this may take: a guest
// has 1 MiB of it.
enum { EVALUATION_DEPTH = 1000, EVALUATION_STACK = 700 * 1024 };

// Says what is wrong: NAME: LINE: text.
void shell_warn(const char *format, ...) __attribute__((format(printf, 1, 2)));
// The same, and ends the shell with status 2, or goes back to its prompt.
void shell_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
// Ends the shell, as exit does.
void shell_exit(int status);
// The commands that would follow do not.
static inline bool shell_stopped(void) { return shell.control != CONTROL_NONE; }

// Copies of them become $1… The old ones are freed.
void shell_set_params(char *const *params, int count);
// Puts others in their place for a while, and back.
struct params {
  char **values;
  int count;
};
struct params shell_replace_params(char *const *params, int count);
void shell_restore_params(struct params old);

#endif
