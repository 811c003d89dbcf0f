// Signals by name and by number, Linux's.
#ifndef LIB_SIGNAL_NAMES_H
#define LIB_SIGNAL_NAMES_H

// Numbers below it; those of the real-time signals have no names.
enum { SIGNAL_COUNT = 65 };

// TERM, SIGTERM, term, 15; 0 and EXIT are 0. -1 when it is none.
int find_signal(const char *text);
// Without SIG; NULL when the number has no name.
const char *signal_name(int number);

#endif
