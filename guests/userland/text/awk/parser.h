// What the parsers of statements and of expressions share.
#ifndef TEXT_AWK_PARSER_H
#define TEXT_AWK_PARSER_H

#include "text/awk/tree.h"

struct parser {
  struct lexer lexer;
  struct program *program;
  struct function *function;  // whose body is parsed
  bool failed;
  bool no_in;       // in the head of a for
  bool no_greater;  // in what print prints: > says where to
  int depth;
  int loops;
};

enum { DEEPEST_NESTING = 200, LONGEST_CHAIN = 1000 };

// Says what is wrong, once.
void parser_fail(struct parser *parser, const char *why);
struct node *parser_node(struct parser *parser, enum node_kind kind, int operator);
bool parser_takes(struct parser *parser, enum token_type type);
void parser_wants(struct parser *parser, enum token_type type, const char *what);
void parser_skip_newlines(struct parser *parser);

struct node *awk_parse_expression(struct parser *parser);
// Without comparisons and what is weaker: the file behind a >.
struct node *awk_parse_concatenation(struct parser *parser);
// Expressions up to the closing sign, with commas between them; NULL for none.
struct node *awk_parse_expressions(struct parser *parser, enum token_type closing);
struct node *awk_parse_primary(struct parser *parser);
bool is_lvalue(const struct node *node);
struct node *awk_parse_simple_statement(struct parser *parser);

#endif
