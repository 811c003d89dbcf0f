// The working directory by name.
#ifndef SH_DIRECTORY_H
#define SH_DIRECTORY_H

#include <stdbool.h>

// An absolute path without . and .. that leads to the working directory.
bool directory_is_here(const char *path);
// Without symbolic links; the caller frees it. NULL with errno.
char *directory_now(void);
// path seen from `base`, without . and .. and double slashes, by its text alone; the caller frees it.
char *directory_join(const char *base, const char *path);

#endif
