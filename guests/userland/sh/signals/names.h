// Signals by name and number: the one table.
#ifndef SH_SIGNAL_NAMES_H
#define SH_SIGNAL_NAMES_H

#include <stdbool.h>

// Numbers below it.
enum { SIGNAL_COUNT = 65 };

// INT, SIGINT, int, 2; EXIT and 0 are 0. -1: there is none of that name.
int signal_number(const char *name);
// Without SIG; NULL where the number has no name.
const char *shell_signal_name(int number);

#endif
