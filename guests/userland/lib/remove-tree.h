// Removing files and directories with all that is below them: what rm does, and mv after a copy.
#ifndef LIB_REMOVE_TREE_H
#define LIB_REMOVE_TREE_H

#include <stdbool.h>

struct removal {
  bool recursive, force, interactive, verbose, empty_directories;
};

// False when it has said what could not be removed.
bool remove_path(const char *path, const struct removal *how);

#endif
