// Tokens written as what regcomp takes, and what can be known of them without it.
#ifndef LIB_PATTERN_EMIT_H
#define LIB_PATTERN_EMIT_H

#include "bytes.h"
#include "pattern-tokens.h"

// How many groups a pattern with a byte in front has more.
enum { GROUPS_IN_FRONT = 2 };

// Extended text, or basic text when there are back-references, which extended ones do not have
// everywhere. `in_front`: with any byte before it, so that a word's edge is seen in its middle.
void tokens_emit(const struct tokens *tokens, bool in_front, struct bytes *to);
// The longest piece that each match must have, and whether it is all of the pattern.
bool tokens_literal(const struct tokens *tokens, struct bytes *to);

#endif
