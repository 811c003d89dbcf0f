// Statements, rules and functions.
#include "parser.h"

#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/memory.h"
#include "lib/message.h"

struct function *parser_function(struct parser *parser);

void parser_fail(struct parser *parser, const char *why) {
  if (!parser->failed) message("line %d: %s", parser->lexer.line, why);
  parser->failed = true;
  // Nothing more is to be read.
  parser->lexer.at = parser->lexer.length;
  parser->lexer.type = T_END;
}

struct node *parser_node(struct parser *parser, enum node_kind kind, int operator) {
  struct program *program = parser->program;
  struct node *node = must_alloc(sizeof *node);
  *node = (struct node){.kind = kind, .operator = operator, .line = parser->lexer.line};
  if ((program->node_count & (program->node_count - 1)) == 0) {
    size_t size = program->node_count == 0 ? 1 : program->node_count * 2;
    program->nodes = must_grow(program->nodes, size, sizeof *program->nodes);
  }
  program->nodes[program->node_count++] = node;
  return node;
}

bool parser_takes(struct parser *parser, enum token_type type) {
  if (parser->lexer.type != type) return false;
  lexer_next(&parser->lexer);
  return true;
}

void parser_wants(struct parser *parser, enum token_type type, const char *what) {
  if (parser_takes(parser, type) || parser->failed) return;
  char *why = must_format("%s%s is missing", parser->lexer.error != NULL ? "" : "syntax error: ",
                          parser->lexer.error != NULL ? parser->lexer.error : what);
  parser_fail(parser, why);
  free(why);
}

void parser_skip_newlines(struct parser *parser) {
  while (parser->lexer.type == T_NEWLINE) lexer_next(&parser->lexer);
}

static void skip_ends(struct parser *parser) {
  while (parser->lexer.type == T_NEWLINE || parser->lexer.type == T_SEMICOLON) lexer_next(&parser->lexer);
}

static struct node *parse_statement(struct parser *parser);

// print and printf: a list, perhaps in parentheses, and where it goes.
static struct node *parse_print(struct parser *parser, enum node_kind kind) {
  struct node *node = parser_node(parser, kind, 0);
  enum token_type type = parser->lexer.type;
  bool none = type == T_NEWLINE || type == T_SEMICOLON || type == T_CLOSE_BRACE || type == T_END ||
              type == T_GREATER || type == T_APPEND || type == T_PIPE;
  parser->no_greater = true;
  if (!none) node->first = awk_parse_expressions(parser, T_END);
  parser->no_greater = false;
  bool group = node->first != NULL && node->first->next == NULL && node->first->kind == N_LIST;
  if (group) node->first = node->first->first;
  if (kind == S_PRINTF && node->first == NULL) parser_fail(parser, "printf: no format");
  type = parser->lexer.type;
  if (type != T_GREATER && type != T_APPEND && type != T_PIPE) return node;
  lexer_next(&parser->lexer);
  node->operator = (int)type;
  node->second = awk_parse_concatenation(parser);
  return node;
}

static struct node *parse_delete(struct parser *parser) {
  struct node *node = parser_node(parser, S_DELETE, 0);
  node->first = awk_parse_primary(parser);
  bool good = node->first->kind == N_INDEX || node->first->kind == N_GLOBAL || node->first->kind == N_LOCAL;
  if (!good) parser_fail(parser, "only arrays and their elements can be deleted");
  return node;
}

struct node *awk_parse_simple_statement(struct parser *parser) {
  if (parser_takes(parser, T_PRINT)) return parse_print(parser, S_PRINT);
  if (parser_takes(parser, T_PRINTF)) return parse_print(parser, S_PRINTF);
  if (parser_takes(parser, T_DELETE)) return parse_delete(parser);
  struct node *node = parser_node(parser, S_EXPRESSION, 0);
  node->first = awk_parse_expression(parser);
  return node;
}

static void end_statement(struct parser *parser) {
  enum token_type type = parser->lexer.type;
  if (type == T_NEWLINE || type == T_SEMICOLON) skip_ends(parser);
  else if (type != T_CLOSE_BRACE && type != T_END) {
    parser_fail(parser, parser->lexer.error != NULL ? parser->lexer.error : "syntax error");
  }
}

static struct node *parse_block(struct parser *parser) {
  struct node *node = parser_node(parser, S_BLOCK, 0);
  struct node **end = &node->first;
  parser_wants(parser, T_OPEN_BRACE, "'{'");
  for (skip_ends(parser); !parser->failed && parser->lexer.type != T_CLOSE_BRACE; skip_ends(parser)) {
    *end = parse_statement(parser);
    end = &(*end)->next;
  }
  parser_wants(parser, T_CLOSE_BRACE, "'}'");
  return node;
}

// What a loop repeats or a condition decides about; a semicolon alone is nothing.
static struct node *parse_body(struct parser *parser, bool loop) {
  parser->loops += loop;
  parser_skip_newlines(parser);
  struct node *node = NULL;
  if (parser_takes(parser, T_SEMICOLON)) {
    node = parser_node(parser, S_BLOCK, 0);
    // A newline may follow, but not another semicolon: that may be the else's.
    parser_skip_newlines(parser);
  } else {
    node = parse_statement(parser);
  }
  parser->loops -= loop;
  return node;
}

static struct node *parse_condition(struct parser *parser) {
  parser_wants(parser, T_OPEN, "'('");
  struct node *node = awk_parse_expression(parser);
  parser_wants(parser, T_CLOSE, "')'");
  return node;
}

// first: condition, second: then, third: else
static struct node *parse_if(struct parser *parser) {
  struct node *node = parser_node(parser, S_IF, 0);
  node->first = parse_condition(parser);
  node->second = parse_body(parser, false);
  skip_ends(parser);
  if (parser_takes(parser, T_ELSE)) node->third = parse_body(parser, false);
  return node;
}

// first: body, second: condition
static struct node *parse_do(struct parser *parser) {
  struct node *node = parser_node(parser, S_DO, 0);
  node->first = parse_body(parser, true);
  skip_ends(parser);
  parser_wants(parser, T_WHILE, "while");
  node->second = parse_condition(parser);
  end_statement(parser);
  return node;
}

static struct node *parse_while(struct parser *parser) {
  struct node *node = parser_node(parser, S_WHILE, 0);
  node->first = parse_condition(parser);
  // Nothing to do but to ask again.
  if (parser_takes(parser, T_SEMICOLON)) {
    node->second = parser_node(parser, S_BLOCK, 0);
    skip_ends(parser);
  } else {
    node->second = parse_body(parser, true);
  }
  return node;
}

// Whether the words are NAME in NAME ), as in a for over an array.
static bool is_for_in(const struct parser *parser) {
  static const enum token_type types[] = {T_NAME, T_IN, T_NAME, T_CLOSE};
  struct lexer ahead = parser->lexer;
  bool same = true;
  ahead.string = (struct bytes)BYTES_NONE;
  for (size_t index = 0; same && index < sizeof types / sizeof *types; index += 1) {
    same = ahead.type == types[index];
    lexer_next(&ahead);
  }
  bytes_free(&ahead.string);
  return same;
}

// first: variable, second: array, third: body
static struct node *parse_for_in(struct parser *parser) {
  struct node *node = parser_node(parser, S_FOR_IN, 0);
  node->first = awk_parse_primary(parser);
  parser_wants(parser, T_IN, "in");
  node->second = awk_parse_primary(parser);
  parser_wants(parser, T_CLOSE, "')'");
  node->third = parse_body(parser, true);
  return node;
}

// first: start, second: condition, third: step, fourth: body
static struct node *parse_for(struct parser *parser) {
  parser_wants(parser, T_OPEN, "'('");
  if (is_for_in(parser)) return parse_for_in(parser);
  struct node *node = parser_node(parser, S_FOR, 0);
  if (parser->lexer.type != T_SEMICOLON) node->first = awk_parse_simple_statement(parser);
  parser_wants(parser, T_SEMICOLON, "';'");
  parser_skip_newlines(parser);
  if (parser->lexer.type != T_SEMICOLON) node->second = awk_parse_expression(parser);
  parser_wants(parser, T_SEMICOLON, "';'");
  parser_skip_newlines(parser);
  if (parser->lexer.type != T_CLOSE) node->third = awk_parse_simple_statement(parser);
  parser_wants(parser, T_CLOSE, "')'");
  node->fourth = parse_body(parser, true);
  return node;
}

// break, next, exit and the like, which may have a value behind them.
static struct node *parse_jump(struct parser *parser, enum node_kind kind) {
  struct node *node = parser_node(parser, kind, 0);
  bool in_loop = kind != S_BREAK && kind != S_CONTINUE;
  if (!in_loop && parser->loops == 0) parser_fail(parser, "break or continue outside of a loop");
  if (kind == S_RETURN && parser->function == NULL) parser_fail(parser, "return outside of a function");
  enum token_type type = parser->lexer.type;
  bool over = type == T_NEWLINE || type == T_SEMICOLON || type == T_CLOSE_BRACE || type == T_END;
  if (!over && (kind == S_EXIT || kind == S_RETURN)) node->first = awk_parse_expression(parser);
  end_statement(parser);
  return node;
}

static struct node *parse_word(struct parser *parser) {
  enum token_type type = parser->lexer.type;
  if (type == T_OPEN_BRACE) return parse_block(parser);
  lexer_next(&parser->lexer);
  switch (type) {
    case T_IF: return parse_if(parser);
    case T_WHILE: return parse_while(parser);
    case T_DO: return parse_do(parser);
    case T_FOR: return parse_for(parser);
    case T_BREAK: return parse_jump(parser, S_BREAK);
    case T_CONTINUE: return parse_jump(parser, S_CONTINUE);
    case T_NEXT: return parse_jump(parser, S_NEXT);
    case T_NEXTFILE: return parse_jump(parser, S_NEXTFILE);
    case T_EXIT: return parse_jump(parser, S_EXIT);
    default: return parse_jump(parser, S_RETURN);
  }
}

static bool starts_with_word(enum token_type type) {
  return type == T_OPEN_BRACE || (type >= T_IF && type <= T_RETURN && type != T_ELSE);
}

static struct node *parse_statement(struct parser *parser) {
  if (++parser->depth > DEEPEST_NESTING) parser_fail(parser, "nested too deeply");
  if (parser->failed) return parser_node(parser, S_BLOCK, 0);
  struct node *node = NULL;
  if (starts_with_word(parser->lexer.type)) {
    node = parse_word(parser);
  } else {
    node = awk_parse_simple_statement(parser);
    end_statement(parser);
  }
  parser->depth -= 1;
  return node;
}

static void parse_parameters(struct parser *parser, struct function *function) {
  parser_wants(parser, T_OPEN, "'('");
  for (; parser->lexer.type == T_NAME; parser_skip_newlines(parser)) {
    function->parameters = must_grow(function->parameters, (size_t)function->count + 1, sizeof *function->parameters);
    function->parameters[function->count++] = must_copy_part(parser->lexer.name, parser->lexer.name_length);
    lexer_next(&parser->lexer);
    if (!parser_takes(parser, T_COMMA)) break;
    parser_skip_newlines(parser);
  }
  parser_wants(parser, T_CLOSE, "')'");
}

static void parse_function(struct parser *parser) {
  if (parser->lexer.type != T_NAME && parser->lexer.type != T_CALL) {
    parser_fail(parser, "a function needs a name");
    return;
  }
  struct function *function = parser_function(parser);
  if (function->defined) {
    parser_fail(parser, "the function is there already");
    return;
  }
  function->defined = true;
  lexer_next(&parser->lexer);
  parse_parameters(parser, function);
  parser_skip_newlines(parser);
  parser->function = function;
  function->body = parse_block(parser);
  parser->function = NULL;
}

static void add_rule(struct parser *parser, struct rule rule) {
  struct program *program = parser->program;
  program->rules = must_grow(program->rules, program->rule_count + 1, sizeof *program->rules);
  program->rules[program->rule_count++] = rule;
}

static void parse_rule(struct parser *parser) {
  struct rule rule = {.kind = RULE_MAIN};
  bool named = true;
  if (parser_takes(parser, T_BEGIN)) rule.kind = RULE_BEGIN;
  else if (parser_takes(parser, T_END_BLOCK)) rule.kind = RULE_END;
  else named = false;
  if (!named && parser->lexer.type != T_OPEN_BRACE) {
    rule.pattern = awk_parse_expression(parser);
    if (parser_takes(parser, T_COMMA)) {
      parser_skip_newlines(parser);
      rule.last = awk_parse_expression(parser);
    }
  }
  bool has_body = parser->lexer.type == T_OPEN_BRACE;
  if (named && !has_body) parser_fail(parser, "BEGIN and END need an action");
  if (has_body) rule.body = parse_block(parser);
  else if (!parser->failed) end_statement(parser);
  add_rule(parser, rule);
}

static void check_functions(struct parser *parser) {
  for (size_t index = 0; index < parser->program->function_count; index += 1) {
    const struct function *function = parser->program->functions[index];
    if (function->defined || parser->failed) continue;
    message("function %s is not defined", function->name);
    parser->failed = true;
  }
}

bool program_parse(struct program *program, const char *text, size_t length) {
  struct parser parser = {.program = program};
  parser.lexer = (struct lexer){.text = text, .length = length, .line = 1, .string = BYTES_NONE};
  bytes_clear(&parser.lexer.string);
  lexer_next(&parser.lexer);
  for (skip_ends(&parser); !parser.failed && parser.lexer.type != T_END; skip_ends(&parser)) {
    if (parser_takes(&parser, T_FUNCTION)) parse_function(&parser);
    else parse_rule(&parser);
  }
  if (parser.lexer.error != NULL) parser_fail(&parser, parser.lexer.error);
  check_functions(&parser);
  bytes_free(&parser.lexer.string);
  return !parser.failed;
}
