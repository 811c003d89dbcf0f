// Questions of -i.
#ifndef LIB_ASK_H
#define LIB_ASK_H

#include <stdbool.h>

// Asks on standard error, and reads a line: whether it begins with y or Y.
bool ask(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
