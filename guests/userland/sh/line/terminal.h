// A person as the source of a script.
#ifndef SH_TERMINAL_H
#define SH_TERMINAL_H

#include "sh/parse/input.h"

void input_from_terminal(struct input *input);

#endif
