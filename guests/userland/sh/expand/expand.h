// Words to fields: tilde, parameters, substitutions, arithmetic, splitting, pathnames.
#ifndef SH_EXPAND_H
#define SH_EXPAND_H

#include <stdbool.h>
#include <stddef.h>

#include "sh/expand/marked.h"
#include "sh/parse/ast.h"

// In scratch memory; items end with NULL once expanded.
struct fields {
  char **items;
  size_t count;
  size_t capacity;
};

// All of these: false or NULL after a message, with the shell stopped.
bool expand_words(const struct word *words, struct fields *fields);
// Words of a declaration (export, local…): what looks like an assignment is expanded as one.
bool expand_declaration(const struct word *words, struct fields *fields);
// One text, not split.
char *expand_text(const struct part *parts);
char *expand_assignment(const struct part *value);
bool expand_pattern(const struct part *parts, struct marked *pattern);
// Expansion changes nothing of the shell: no ${x=…}, no assignment in arithmetic, no substitution.
bool expansion_is_pure(const struct part *parts, bool substitutions_too);

void fields_add(struct fields *fields, char *text);

// The rest is between the files of this folder.

enum tilde { TILDE_NONE, TILDE_WORD, TILDE_ASSIGNMENT };

struct expansion {
  struct marked out;
  bool splits;              // to fields; else "$@" is joined
  unsigned char text_mark;  // of text without quotes
  enum tilde tilde;
  bool nothing;             // "$@" was expanded, and there are no parameters
};

bool expand_parts(struct expansion *e, const struct part *parts, bool quoted);
// parameter.c
bool expand_parameter(struct expansion *e, const struct part *part, bool quoted);
const char *parameter_value(const char *name);
// tilde.c: appends what the tilde at the text's begin stands for, and gives the bytes used; 0: it is none.
size_t expand_tilde(struct expansion *e, const char *text, bool whole, bool in_assignment);
// split.c
void split_fields(const struct marked *marked, struct fields *fields);
// glob.c: false when nothing is there that matches.
bool expand_pathnames(struct pattern pattern, struct fields *fields);
// arithmetic.c
bool arithmetic(const char *text, long long *value);

#endif
