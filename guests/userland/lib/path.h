// Paths as text.
#ifndef LIB_PATH_H
#define LIB_PATH_H

#include <stdbool.h>

// directory/name, without a second slash between them.
char *join_path(const char *directory, const char *name);
// The last part, without the slashes behind it: "/" for the root.
char *base_name(const char *path);
// All but the last part, as dirname prints it.
char *directory_name(const char *path);
bool is_dot_or_dot_dot(const char *name);
bool is_directory(const char *path);
// What a link says, or NULL with errno.
char *read_link(const char *path);

enum missing { MISSING_NOTHING, MISSING_LAST, MISSING_ANY };
// The path without links, dots and dot-dots: absolute. NULL with errno. `missing` says what need not exist.
char *resolve_path(const char *path, enum missing missing);

// Where a file goes that is named `source`, when the operand `directory` is a directory.
char *path_in(const char *directory, const char *source);

#endif
