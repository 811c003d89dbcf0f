// Expressions, from the weakest operator to the strongest.
#include <string.h>

#include "text/awk/parser.h"

bool is_lvalue(const struct node *node) {
  return node->kind == N_GLOBAL || node->kind == N_LOCAL || node->kind == N_FIELD || node->kind == N_INDEX;
}

static struct node *binary(struct parser *parser, enum node_kind kind, int operator, struct node *first,
                           struct node *second) {
  struct node *node = parser_node(parser, kind, operator);
  node->first = first;
  node->second = second;
  return node;
}

// Too long a chain would be too deep a tree.
static bool chain_goes_on(struct parser *parser, int *length) {
  if (parser->failed) return false;
  *length += 1;
  if (*length > LONGEST_CHAIN) parser_fail(parser, "expression too long");
  return !parser->failed;
}

static struct node *parse_unary(struct parser *parser);

// Right to left; what stands behind may have a sign.
static struct node *parse_power(struct parser *parser) {
  struct node *node = awk_parse_primary(parser);
  if (!parser_takes(parser, T_POWER)) return node;
  if (++parser->depth > DEEPEST_NESTING) parser_fail(parser, "nested too deeply");
  struct node *exponent = parser->failed ? node : parse_unary(parser);
  parser->depth -= 1;
  return binary(parser, N_ARITHMETIC, T_POWER, node, exponent);
}

static struct node *parse_unary(struct parser *parser) {
  enum token_type type = parser->lexer.type;
  enum node_kind kind = type == T_NOT ? N_NOT : type == T_SUBTRACT ? N_NEGATE : N_PLUS;
  if (type != T_NOT && type != T_SUBTRACT && type != T_ADD) return parse_power(parser);
  lexer_next(&parser->lexer);
  if (++parser->depth > DEEPEST_NESTING) parser_fail(parser, "nested too deeply");
  struct node *node = parser_node(parser, kind, 0);
  node->first = parser->failed ? node : parse_unary(parser);
  parser->depth -= 1;
  return node;
}

static struct node *parse_product(struct parser *parser) {
  struct node *node = parse_unary(parser);
  for (int length = 0; chain_goes_on(parser, &length);) {
    enum token_type type = parser->lexer.type;
    if (type != T_MULTIPLY && type != T_DIVIDE && type != T_MODULO) break;
    lexer_next(&parser->lexer);
    node = binary(parser, N_ARITHMETIC, (int)type, node, parse_unary(parser));
  }
  return node;
}

static struct node *parse_sum(struct parser *parser) {
  struct node *node = parse_product(parser);
  for (int length = 0; chain_goes_on(parser, &length);) {
    enum token_type type = parser->lexer.type;
    if (type != T_ADD && type != T_SUBTRACT) break;
    lexer_next(&parser->lexer);
    node = binary(parser, N_ARITHMETIC, (int)type, node, parse_product(parser));
  }
  return node;
}

// Whether the word can start another part of a concatenation.
static bool starts_part(const struct parser *parser) {
  switch (parser->lexer.type) {
    case T_NUMBER:
    case T_STRING:
    case T_NAME:
    case T_CALL:
    case T_BUILTIN:
    case T_DOLLAR:
    case T_NOT:
    case T_OPEN:
    case T_SUBTRACT:
    case T_ADD:
    case T_INCREMENT:
    case T_DECREMENT: return true;
    default: return false;
  }
}

struct node *awk_parse_concatenation(struct parser *parser) {
  struct node *node = parse_sum(parser);
  for (int length = 0; chain_goes_on(parser, &length) && starts_part(parser);) {
    node = binary(parser, N_CONCAT, 0, node, parse_sum(parser));
  }
  return node;
}

// COMMAND | getline [VARIABLE]
static struct node *parse_pipe(struct parser *parser) {
  struct node *node = awk_parse_concatenation(parser);
  for (int length = 0; parser->lexer.type == T_PIPE && chain_goes_on(parser, &length);) {
    // A look ahead: print's pipe is none of ours.
    struct lexer ahead = parser->lexer;
    ahead.string = (struct bytes)BYTES_NONE;
    lexer_next(&ahead);
    bytes_free(&ahead.string);
    if (ahead.type != T_GETLINE) break;
    lexer_next(&parser->lexer);
    lexer_next(&parser->lexer);
    struct node *get = parser_node(parser, N_GETLINE, T_PIPE);
    get->second = node;
    if (parser->lexer.type == T_NAME || parser->lexer.type == T_DOLLAR) get->first = awk_parse_primary(parser);
    node = get;
  }
  return node;
}

static struct node *parse_comparison(struct parser *parser) {
  struct node *node = parse_pipe(parser);
  for (int length = 0; chain_goes_on(parser, &length);) {
    enum token_type type = parser->lexer.type;
    bool compares = type == T_LESS || type == T_LESS_EQUAL || type == T_EQUAL || type == T_NOT_EQUAL ||
                    type == T_GREATER_EQUAL || (type == T_GREATER && !parser->no_greater);
    if (!compares) break;
    lexer_next(&parser->lexer);
    node = binary(parser, N_COMPARE, (int)type, node, parse_pipe(parser));
  }
  return node;
}

static struct node *parse_match(struct parser *parser) {
  struct node *node = parse_comparison(parser);
  for (int length = 0; chain_goes_on(parser, &length);) {
    enum token_type type = parser->lexer.type;
    if (type != T_MATCH && type != T_NO_MATCH) break;
    lexer_next(&parser->lexer);
    node = binary(parser, N_MATCH, (int)type, node, parse_comparison(parser));
  }
  return node;
}

static struct node *parse_in(struct parser *parser) {
  struct node *node = parse_match(parser);
  for (int length = 0; !parser->no_in && parser->lexer.type == T_IN && chain_goes_on(parser, &length);) {
    lexer_next(&parser->lexer);
    if (parser->lexer.type != T_NAME) parser_fail(parser, "an array must follow in");
    node = binary(parser, N_IN, 0, node, awk_parse_primary(parser));
  }
  return node;
}

static struct node *parse_and(struct parser *parser) {
  struct node *node = parse_in(parser);
  for (int length = 0; parser->lexer.type == T_AND && chain_goes_on(parser, &length);) {
    lexer_next(&parser->lexer);
    parser_skip_newlines(parser);
    node = binary(parser, N_AND, 0, node, parse_in(parser));
  }
  return node;
}

static struct node *parse_or(struct parser *parser) {
  struct node *node = parse_and(parser);
  for (int length = 0; parser->lexer.type == T_OR && chain_goes_on(parser, &length);) {
    lexer_next(&parser->lexer);
    parser_skip_newlines(parser);
    node = binary(parser, N_OR, 0, node, parse_and(parser));
  }
  return node;
}

struct node *awk_parse_expression(struct parser *parser) {
  if (++parser->depth > DEEPEST_NESTING) parser_fail(parser, "nested too deeply");
  if (parser->failed) return parser_node(parser, N_VALUE, 0);
  struct node *node = parse_or(parser);
  if (parser_takes(parser, T_QUESTION)) {
    struct node *condition = parser_node(parser, N_CONDITION, 0);
    parser_skip_newlines(parser);
    condition->first = node;
    condition->second = awk_parse_expression(parser);
    parser_skip_newlines(parser);
    parser_wants(parser, T_COLON, "':'");
    parser_skip_newlines(parser);
    condition->third = awk_parse_expression(parser);
    node = condition;
  }
  parser->depth -= 1;
  return node;
}

struct node *awk_parse_expressions(struct parser *parser, enum token_type closing) {
  struct node *first = NULL;
  struct node **end = &first;
  if (parser->lexer.type == closing) return NULL;
  do {
    if (first != NULL) parser_skip_newlines(parser);
    *end = awk_parse_expression(parser);
    // An expression may be the end of a list already: each is in one list only.
    struct node *item = *end;
    if (item->next != NULL) parser_fail(parser, "syntax error");
    end = &item->next;
  } while (!parser->failed && parser_takes(parser, T_COMMA));
  return first;
}
