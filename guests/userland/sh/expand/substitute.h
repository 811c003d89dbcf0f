// $(…).
#ifndef SH_SUBSTITUTE_H
#define SH_SUBSTITUTE_H

#include <stdbool.h>

#include "sh/memory/text.h"
#include "sh/parse/ast.h"

// Appends what the body prints, without its last newlines. False after a message, with the shell stopped.
bool shell_substitute(const struct node *body, struct text *text);

// pure.c: the body can run in the shell itself, as what it does there can be undone. *moves: it may cd.
bool is_pure(const struct node *body, bool *moves);

#endif
