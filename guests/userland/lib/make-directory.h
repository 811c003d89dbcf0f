// The directories above a path.
#ifndef LIB_MAKE_DIRECTORY_H
#define LIB_MAKE_DIRECTORY_H

#include <stdbool.h>

// Makes those that are missing, and hands each to `made` (or NULL). False when it has said why not.
bool make_parents(const char *path, void (*made)(const char *path));

#endif
