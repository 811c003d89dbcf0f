// The terminal a tool draws on.
#ifndef LIB_TERMINAL_H
#define LIB_TERMINAL_H

#include <stdbool.h>

struct terminal_size {
  int rows, columns;
};

// Of standard output; 24 by 80 when it does not say.
struct terminal_size terminal_size(void);
// Keys come as they are pressed, and are not shown. Signals still come from keys. False when there is no terminal.
bool begin_keys(void);
void end_keys(void);
// Waits for a key for so many seconds, below zero for ever: the key, 0 when the time is over, -1 when a signal came or
// there are no more keys.
int wait_for_key(double seconds);

#endif
