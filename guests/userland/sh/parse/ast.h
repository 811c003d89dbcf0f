// What a script is once it is read. Words keep how they were quoted, so that a tree can be printed again
// (print.h) and expanded more than once (expand.h).
#ifndef SH_AST_H
#define SH_AST_H

#include <stdbool.h>

#include "sh/memory/arena.h"

enum part_kind {
  PART_TEXT,     // as it stands; in double quotes it is quoted by where it is
  PART_QUOTED,   // a backslash's or single quotes' text
  PART_DOUBLE,   // "…": parts
  PART_PARAM,    // $name, ${name…}: text is the name, parts the word behind the operator
  PART_COMMAND,  // $(…), `…`: body
  PART_ARITH,    // $((…)): parts
};

enum param_op {
  PARAM_PLAIN,
  PARAM_LENGTH,       // ${#x}
  PARAM_DEFAULT,      // ${x-w}
  PARAM_ASSIGN,       // ${x=w}
  PARAM_ERROR,        // ${x?w}
  PARAM_ALTERNATIVE,  // ${x+w}
  PARAM_CUT_PREFIX,   // ${x#w}
  PARAM_CUT_PREFIX_LONG,
  PARAM_CUT_SUFFIX,   // ${x%w}
  PARAM_CUT_SUFFIX_LONG,
  PARAM_BAD,          // ${ that is nothing of these: an error when it is expanded
};

struct part {
  struct part *next;
  enum part_kind kind;
  enum param_op op;
  bool colon;  // ${x:-w}: unset or empty
  const char *text;
  struct part *parts;
  struct node *body;
};

struct word {
  struct word *next;
  struct part *parts;
};

struct assignment {
  struct assignment *next;
  const char *name;
  struct part *value;
};

enum redirect_kind {
  REDIRECT_READ,        // <
  REDIRECT_WRITE,       // >
  REDIRECT_CLOBBER,     // >|
  REDIRECT_APPEND,      // >>
  REDIRECT_READ_WRITE,  // <>
  REDIRECT_DUP_IN,      // <&
  REDIRECT_DUP_OUT,     // >&
  REDIRECT_HERE,        // <<, <<-
};

struct redirect {
  struct redirect *next;
  enum redirect_kind kind;
  int fd;
  struct part *target;  // a here-document's text is one PART_QUOTED when its delimiter was quoted
  bool literal;
};

enum node_kind {
  NODE_SIMPLE,      // assignments, words
  NODE_PIPELINE,    // first, and by `next` the other stages
  NODE_NOT,         // first
  NODE_AND,         // first, second
  NODE_OR,
  NODE_SEQUENCE,    // first, and by `next` the others
  NODE_BACKGROUND,  // first
  NODE_SUBSHELL,
  NODE_GROUP,
  NODE_IF,          // first, then second, else third
  NODE_WHILE,       // first, do second
  NODE_UNTIL,
  NODE_FOR,         // name in words, do second
  NODE_CASE,        // words is the subject
  NODE_FUNCTION,    // name, second
};

struct case_item {
  struct case_item *next;
  struct word *patterns;
  struct node *body;
  bool falls_through;  // ;&
};

struct node {
  struct node *next;
  enum node_kind kind;
  int line;
  bool over_params;  // for without `in`
  const char *name;
  struct redirect *redirects;
  struct assignment *assignments;
  struct word *words;
  struct case_item *items;
  struct node *first;
  struct node *second;
  struct node *third;
};

// A tree and its memory. A function keeps the program that it was defined in.
struct program {
  struct arena arena;
  int references;
  struct node *root;
};

struct program *program_new(void);
struct program *program_keep(struct program *program);
void program_drop(struct program *program);

// The text of a word that is one piece without quotes, or NULL.
const char *plain_text(const struct part *parts);

#endif
