// What a subshell gets to know of the shell: a line of numbers, $0, and then shell source: variables that the
// environment does not carry, functions, aliases, ignored signals, positional parameters.
#ifndef SH_STATE_H
#define SH_STATE_H

#include "sh/memory/text.h"

void state_write(struct text *text);
void state_write_empty(struct text *text);
// Takes the state over, and gives what stands behind it; NULL: it is not whole.
const char *state_read(const char *text);

#endif
