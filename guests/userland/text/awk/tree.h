// An awk program as a tree.
#ifndef TEXT_AWK_TREE_H
#define TEXT_AWK_TREE_H

#include "lib/pattern.h"
#include "text/awk/array.h"
#include "text/awk/lexer.h"

enum node_kind {
  // Expressions.
  N_VALUE, N_REGEX, N_GLOBAL, N_LOCAL, N_FIELD, N_INDEX, N_ASSIGN, N_CONDITION, N_AND, N_OR, N_NOT, N_NEGATE,
  N_PLUS, N_ARITHMETIC, N_CONCAT, N_COMPARE, N_MATCH, N_IN, N_STEP, N_CALL, N_BUILTIN, N_GETLINE, N_LIST,
  // Statements.
  S_BLOCK, S_PRINT, S_PRINTF, S_EXPRESSION, S_IF, S_WHILE, S_DO, S_FOR, S_FOR_IN, S_BREAK, S_CONTINUE, S_NEXT,
  S_NEXTFILE, S_EXIT, S_RETURN, S_DELETE,
};

// Which children a kind has, and what they are, says parser.c where it makes them.
struct node {
  enum node_kind kind;
  int operator;  // a token, a builtin, or a number of the kind's own
  int line;
  int slot;      // of a variable
  struct node *first;
  struct node *second;
  struct node *third;
  struct node *fourth;
  struct node *next;  // in a list
  struct value value;
  struct pattern *pattern;
  struct function *function;
};

struct function {
  char *name;
  char **parameters;
  int count;
  struct node *body;  // NULL while it is only called
  bool defined;
};

enum rule_kind { RULE_BEGIN, RULE_END, RULE_MAIN };

struct rule {
  enum rule_kind kind;
  struct node *pattern;
  struct node *last;  // the second pattern of a range
  bool in_range;
  struct node *body;  // NULL: print
};

// Variables that mean something have the first slots, in this order.
enum special {
  V_NF, V_NR, V_FNR, V_FS, V_OFS, V_ORS, V_RS, V_SUBSEP, V_CONVFMT, V_OFMT, V_RSTART, V_RLENGTH, V_FILENAME,
  V_ENVIRON, V_ARGC, V_ARGV, SPECIALS,
};

struct program {
  struct rule *rules;
  size_t rule_count;
  struct function **functions;
  size_t function_count;
  char **globals;
  size_t global_count;
  // All nodes, to be freed.
  struct node **nodes;
  size_t node_count;
};

void program_start(struct program *program);
// False, and the reason said, when the text is no program.
bool program_parse(struct program *program, const char *text, size_t length);
void program_free(struct program *program);
// The slot of a global variable, which is made if need be. -1 when a function has the name.
int program_global(struct program *program, const char *name, size_t length);
// Of awk's own way to write one. NULL, and `*why` says why, when it is none.
struct pattern *regex_new(const char *text, size_t length, const char **why);

#endif
