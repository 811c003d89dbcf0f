// The strongest: constants, variables, calls, and what is in parentheses.
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/memory.h"
#include "text/awk/parser.h"

static struct node *constant(struct parser *parser, struct value value) {
  struct node *node = parser_node(parser, N_VALUE, 0);
  node->value = value;
  lexer_next(&parser->lexer);
  return node;
}

static struct node *regex(struct parser *parser) {
  const char *why = "";
  struct node *node = parser_node(parser, N_REGEX, 0);
  if (!lexer_regex(&parser->lexer)) {
    parser_fail(parser, parser->lexer.error);
    return node;
  }
  node->pattern = regex_new(parser->lexer.string.data, parser->lexer.string.length, &why);
  if (node->pattern == NULL) parser_fail(parser, why);
  node->value = value_text(text_new(parser->lexer.string.data, parser->lexer.string.length));
  lexer_next(&parser->lexer);
  return node;
}

static struct node *variable(struct parser *parser) {
  const char *name = parser->lexer.name;
  size_t length = parser->lexer.name_length;
  const struct function *function = parser->function;
  struct node *node = parser_node(parser, N_GLOBAL, 0);
  node->slot = -1;
  for (int index = 0; function != NULL && index < function->count; index += 1) {
    const char *parameter = function->parameters[index];
    if (strlen(parameter) != length || memcmp(parameter, name, length) != 0) continue;
    node->kind = N_LOCAL;
    node->slot = index;
  }
  if (node->kind == N_GLOBAL) node->slot = program_global(parser->program, name, length);
  if (node->slot < 0) parser_fail(parser, "a function is no variable");
  lexer_next(&parser->lexer);
  return node;
}

// What is within brackets or parentheses knows nothing of what is forbidden outside.
struct outside {
  bool no_in;
  bool no_greater;
};

static struct outside enter(struct parser *parser) {
  struct outside outside = {parser->no_in, parser->no_greater};
  parser->no_in = parser->no_greater = false;
  return outside;
}

static void leave(struct parser *parser, struct outside outside) {
  parser->no_in = outside.no_in;
  parser->no_greater = outside.no_greater;
}

static struct node *variable_or_element(struct parser *parser) {
  struct node *node = variable(parser);
  if (!parser_takes(parser, T_OPEN_BRACKET)) return node;
  struct outside outside = enter(parser);
  struct node *index = parser_node(parser, N_INDEX, 0);
  index->first = node;
  index->second = awk_parse_expressions(parser, T_CLOSE_BRACKET);
  if (index->second == NULL) parser_fail(parser, "an index is missing");
  leave(parser, outside);
  parser_wants(parser, T_CLOSE_BRACKET, "']'");
  return index;
}

static struct function *function_named(struct parser *parser) {
  struct program *program = parser->program;
  const char *name = parser->lexer.name;
  size_t length = parser->lexer.name_length;
  for (size_t index = 0; index < program->function_count; index += 1) {
    struct function *function = program->functions[index];
    if (strlen(function->name) == length && memcmp(function->name, name, length) == 0) return function;
  }
  struct function *function = must_alloc(sizeof *function);
  *function = (struct function){.name = must_copy_part(name, length)};
  program->functions = must_grow(program->functions, program->function_count + 1, sizeof *program->functions);
  program->functions[program->function_count++] = function;
  return function;
}

struct function *parser_function(struct parser *parser) { return function_named(parser); }

static struct node *arguments(struct parser *parser) {
  struct outside outside = enter(parser);
  parser_skip_newlines(parser);
  struct node *list = awk_parse_expressions(parser, T_CLOSE);
  parser_skip_newlines(parser);
  leave(parser, outside);
  parser_wants(parser, T_CLOSE, "')'");
  return list;
}

static struct node *call(struct parser *parser) {
  struct node *node = parser_node(parser, N_CALL, 0);
  node->function = function_named(parser);
  lexer_next(&parser->lexer);
  lexer_next(&parser->lexer);
  node->first = arguments(parser);
  return node;
}

static struct node *builtin(struct parser *parser) {
  const struct builtin_row *row = parser->lexer.builtin;
  struct node *node = parser_node(parser, N_BUILTIN, (int)row->builtin);
  lexer_next(&parser->lexer);
  if (parser_takes(parser, T_OPEN)) node->first = arguments(parser);
  else if (row->builtin != B_LENGTH) parser_fail(parser, "'(' is missing");
  int count = 0;
  for (const struct node *argument = node->first; argument != NULL; argument = argument->next) count += 1;
  if (count < row->least || (row->most >= 0 && count > row->most)) parser_fail(parser, "wrong number of arguments");
  bool changes = (row->builtin == B_SUB || row->builtin == B_GSUB) && count == 3;
  if (changes && !is_lvalue(node->first->next->next)) parser_fail(parser, "the third argument cannot be changed");
  return node;
}

// (EXPRESSION), or (LIST) in ARRAY, or the list of a print.
static struct node *group(struct parser *parser) {
  struct outside outside = enter(parser);
  struct node *list = awk_parse_expressions(parser, T_CLOSE);
  leave(parser, outside);
  parser_wants(parser, T_CLOSE, "')'");
  if (list == NULL) {
    parser_fail(parser, "syntax error");
    return parser_node(parser, N_VALUE, 0);
  }
  // A variable in parentheses is none: it cannot be assigned to.
  if (list->next == NULL && !is_lvalue(list)) return list;
  struct node *node = parser_node(parser, N_LIST, 0);
  node->first = list;
  return node;
}

// getline [VARIABLE] [< FILE]
static struct node *get_line(struct parser *parser) {
  struct node *node = parser_node(parser, N_GETLINE, 0);
  enum token_type type = parser->lexer.type;
  if (type == T_NAME || type == T_DOLLAR) node->first = awk_parse_primary(parser);
  if (!parser_takes(parser, T_LESS)) return node;
  node->operator = T_LESS;
  node->second = awk_parse_primary(parser);
  return node;
}

static struct node *step(struct parser *parser, struct node *of, int by, bool before) {
  struct node *node = parser_node(parser, N_STEP, by);
  if (!is_lvalue(of)) parser_fail(parser, "only variables can be counted up and down");
  node->first = of;
  node->slot = before;
  return node;
}

static struct node *parse_without_suffix(struct parser *parser) {
  enum token_type type = parser->lexer.type;
  struct lexer *lexer = &parser->lexer;
  switch (type) {
    case T_NUMBER: return constant(parser, value_number(lexer->number));
    case T_STRING: return constant(parser, value_text(text_new(lexer->string.data, lexer->string.length)));
    case T_DIVIDE:
    case T_DIVIDE_ASSIGN: return regex(parser);
    case T_NAME: return variable_or_element(parser);
    case T_CALL: return call(parser);
    case T_BUILTIN: return builtin(parser);
    default: break;
  }
  lexer_next(lexer);
  switch (type) {
    case T_OPEN: return group(parser);
    case T_GETLINE: return get_line(parser);
    case T_NOT:
    case T_SUBTRACT:
    case T_ADD: {
      // Behind a $, signs are as strong as it is.
      struct node *node = parser_node(parser, type == T_NOT ? N_NOT : type == T_ADD ? N_PLUS : N_NEGATE, 0);
      node->first = awk_parse_primary(parser);
      return node;
    }
    case T_INCREMENT:
    case T_DECREMENT: {
      struct node *of = parse_without_suffix(parser);
      return step(parser, of, type == T_INCREMENT ? 1 : -1, true);
    }
    case T_DOLLAR: {
      struct node *node = parser_node(parser, N_FIELD, 0);
      if (++parser->depth > DEEPEST_NESTING) parser_fail(parser, "nested too deeply");
      node->first = parser->failed ? node : parse_without_suffix(parser);
      parser->depth -= 1;
      return node;
    }
    default:
      parser_fail(parser, lexer->error != NULL ? lexer->error : "syntax error");
      return parser_node(parser, N_VALUE, 0);
  }
}

static bool assigns(enum token_type type) { return type >= T_ASSIGN && type <= T_POWER_ASSIGN; }

struct node *awk_parse_primary(struct parser *parser) {
  if (++parser->depth > DEEPEST_NESTING) parser_fail(parser, "nested too deeply");
  if (parser->failed) return parser_node(parser, N_VALUE, 0);
  struct node *node = parse_without_suffix(parser);
  enum token_type type = parser->lexer.type;
  if (is_lvalue(node) && (type == T_INCREMENT || type == T_DECREMENT)) {
    lexer_next(&parser->lexer);
    node = step(parser, node, type == T_INCREMENT ? 1 : -1, false);
  } else if (is_lvalue(node) && assigns(type)) {
    // Nothing but a variable can be assigned to, however strong the operator before it is.
    lexer_next(&parser->lexer);
    parser_skip_newlines(parser);
    struct node *assign = parser_node(parser, N_ASSIGN, (int)type);
    assign->first = node;
    assign->second = awk_parse_expression(parser);
    node = assign;
  }
  parser->depth -= 1;
  return node;
}
