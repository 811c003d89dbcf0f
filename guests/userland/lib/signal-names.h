// Signals by name and by number, Linux's.
#ifndef LIB_SIGNAL_NAMES_H
#define LIB_SIGNAL_NAMES_H

enum { SIGNAL_COUNT = 32 };

// TERM, SIGTERM, term, 15; 0 and EXIT are 0. -1 when it is none.
int find_signal(const char *text);
// Without SIG; NULL when there is no such signal.
const char *signal_name(int number);

#endif
