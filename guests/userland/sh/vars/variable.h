// Variables, and the scopes that functions and assignments in front of a command put over them.
#ifndef SH_VARIABLE_H
#define SH_VARIABLE_H

#include <stdbool.h>
#include <stddef.h>

struct variable {
  struct variable *next;  // of the same hash
  char *name;
  char *value;  // NULL: unset, though it may have marks
  bool exported;
  bool read_only;
};

// Takes the environment in.
void variables_start(char **environment);
const char *variable_value(const char *name);
const char *variable_value_of(const char *name, size_t length);
const struct variable *variable_find(const char *name);
// False after a message: it is read-only, and the shell ends (shell_error).
bool variable_set(const char *name, const char *value);
bool variable_set_number(const char *name, long long value);
bool variable_unset(const char *name);
void variable_export(const char *name, bool exported);
void variable_protect(const char *name);
// All of them, in the order of their names. The list is the caller's to free.
const struct variable **variables_sorted(size_t *count);
// What exported variables give a command: valid until a variable changes.
char **variables_environment(void);

// A scope keeps what a variable was the first time it is changed in it.
enum scope_kind {
  SCOPE_LOCAL,     // a function: variables that `local` names
  SCOPE_COMMAND,   // assignments in front of a command
  SCOPE_SNAPSHOT,  // a substitution within the shell itself: whatever is changed
};
void scope_push(enum scope_kind kind);
void scope_pop(void);
// Keeps the variable, to be put back when the scope ends. False: there is no such scope.
bool scope_keep(const char *name, enum scope_kind kind);

#endif
