// Numbers among arguments: digits, and no more.
#ifndef SH_NUMBER_H
#define SH_NUMBER_H

#include <stdbool.h>

bool shell_number(const char *text, long long *number);

#endif
