// Where a command is, by PATH.
#ifndef SH_FIND_H
#define SH_FIND_H

#include <stdbool.h>

// The path, which stays valid until the next call, or NULL with errno: ENOENT, or EACCES where only what
// cannot be executed is found.
const char *find_command(const char *name);
// The same, by a PATH of its own and without what is remembered.
const char *find_in_path(const char *name, const char *path, bool executable);
void find_forget(void);
void find_print(void);

#endif
