// A tree as source again. Reading that gives the same tree: subshells depend on it.
#ifndef SH_PRINT_H
#define SH_PRINT_H

#include "sh/memory/text.h"
#include "sh/parse/ast.h"

// Ends with a newline.
void print_node(struct text *text, const struct node *node);
// As what a subshell runs: its own parentheses are not printed, as it is there already.
void print_as_body(struct text *text, const struct node *node);
void print_function(struct text *text, const struct node *node);
// On one line, without here-documents, for people.
void print_short(struct text *text, const struct node *node);

// print-word.c
enum quoting {
  QUOTING_NONE,
  QUOTING_DOUBLE,
  QUOTING_BRACE_DOUBLE,  // the word of ${x-…} in double quotes
  QUOTING_HERE,
  QUOTING_ARITH,
};
void print_parts(struct text *text, const struct part *parts, enum quoting quoting);

#endif
