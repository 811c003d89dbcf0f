// The grammar: lists, pipelines and simple commands.
#include "sh/parse/parser.h"

#include <ctype.h>
#include <string.h>

#include "sh/parse/alias.h"
#include "sh/shell.h"

struct node *new_node(struct parser *p, enum node_kind kind) {
  struct node *node = arena_alloc(p->arena, sizeof *node);
  *node = (struct node){.kind = kind, .line = p->input->line};
  return node;
}

// What a token is called in a message.
static const char *name_of(const struct token *token, struct text *text) {
  static const char *const names[] = {
    [TOKEN_END] = "end of file", [TOKEN_NEWLINE] = "newline",    [TOKEN_WORD] = "word",
    [TOKEN_AND_IF] = "\"&&\"",   [TOKEN_OR_IF] = "\"||\"",       [TOKEN_BACKGROUND] = "\"&\"",
    [TOKEN_SEMICOLON] = "\";\"", [TOKEN_CASE_END] = "\";;\"",    [TOKEN_FALL_THROUGH] = "\";&\"",
    [TOKEN_PIPE] = "\"|\"",      [TOKEN_OPEN] = "\"(\"",         [TOKEN_CLOSE] = "\")\"",
    [TOKEN_REDIRECT] = "redirection",
  };
  if (token->kind != TOKEN_WORD || token->plain == NULL) return names[token->kind];
  text_char(text, '"');
  text_string(text, token->plain);
  text_char(text, '"');
  return text_end(text);
}

// Only the first error is said. NULL: the token itself is the error.
struct node *parse_failed(struct parser *p, const char *expected) {
  if (p->failed) return NULL;
  p->failed = true;
  // The line was interrupted: that its end is missing is no error.
  if (shell_stopped()) return NULL;
  struct text text = {NULL, 0, 0, p->arena};
  // Inside a word the look-ahead is not the place: the input is at its end.
  bool at_end = !p->peeked && input_peek_raw(p->input) == INPUT_END;
  const char *found = p->peeked ? name_of(&p->token, &text) : at_end ? "end of file" : "word";
  shell.line = p->input->line - (p->peeked && p->token.kind == TOKEN_NEWLINE ? 1 : 0);
  if (expected == NULL) shell_error("Syntax error: %s unexpected", found);
  else shell_error("Syntax error: %s unexpected (expecting \"%s\")", found, expected);
  return NULL;
}

bool parse_deeper(struct parser *p) {
  if (p->failed) return false;
  p->depth += 1;
  if (p->depth <= PARSE_DEPTH) return true;
  p->failed = true;
  shell_error("Syntax error: nested too deeply");
  return false;
}

bool accept_token(struct parser *p, enum token_kind kind) {
  if (p->failed || peek_token(p)->kind != kind) return false;
  next_token(p);
  return true;
}

bool accept_word(struct parser *p, const char *word) {
  if (p->failed || peek_token(p)->kind != TOKEN_WORD) return false;
  if (p->token.plain == NULL || strcmp(p->token.plain, word) != 0) return false;
  next_token(p);
  return true;
}

void skip_newlines(struct parser *p) {
  while (accept_token(p, TOKEN_NEWLINE)) continue;
}

bool is_name(const char *text) {
  if (*text != '_' && !isalpha((unsigned char)*text)) return false;
  while (*text == '_' || isalnum((unsigned char)*text)) text += 1;
  return *text == '\0';
}

struct redirect *parse_redirect(struct parser *p) {
  struct token token = next_token(p);
  struct redirect *redirect = arena_alloc(p->arena, sizeof *redirect);
  bool reads = token.redirect == REDIRECT_READ || token.redirect == REDIRECT_READ_WRITE ||
               token.redirect == REDIRECT_DUP_IN || token.redirect == REDIRECT_HERE;
  *redirect = (struct redirect){.kind = token.redirect, .fd = token.fd >= 0 ? token.fd : reads ? 0 : 1};
  if (peek_token(p)->kind != TOKEN_WORD) {
    parse_failed(p, NULL);
    return redirect;
  }
  struct token target = next_token(p);
  if (redirect->kind == REDIRECT_HERE) add_here_document(p, redirect, target.parts, token.strip_tabs);
  else redirect->target = target.parts;
  return redirect;
}

bool parse_redirects(struct parser *p, struct redirect **place) {
  while (!p->failed && peek_token(p)->kind == TOKEN_REDIRECT) {
    *place = parse_redirect(p);
    place = &(*place)->next;
  }
  return !p->failed;
}

// Puts the value of an alias in the place of the word that is looked at.
static bool replace_alias(struct parser *p) {
  const struct token *token = peek_token(p);
  if (token->kind != TOKEN_WORD || token->plain == NULL) return false;
  if (!input_put_alias(p->input, token->start, token->plain)) return false;
  p->peeked = false;
  return true;
}

// name=…: what is in front of the = is the name, and what follows the value.
static struct assignment *as_assignment(struct parser *p, struct part *parts) {
  if (parts == NULL || parts->kind != PART_TEXT) return NULL;
  const char *equals = strchr(parts->text, '=');
  if (equals == NULL) return NULL;
  const char *name = arena_copy(p->arena, parts->text, (size_t)(equals - parts->text));
  if (!is_name(name)) return NULL;
  struct assignment *assignment = arena_alloc(p->arena, sizeof *assignment);
  *assignment = (struct assignment){NULL, name, parts->next};
  if (equals[1] != '\0') {
    struct part *rest = new_part(p, PART_TEXT);
    rest->text = equals + 1;
    rest->next = parts->next;
    assignment->value = rest;
  }
  return assignment;
}

static struct node *parse_function(struct parser *p, struct node *node) {
  next_token(p);
  if (!accept_token(p, TOKEN_CLOSE)) return parse_failed(p, ")");
  const char *name = plain_text(node->words->parts);
  if (name == NULL || !is_name(name)) {
    shell.line = p->input->line;
    p->failed = true;
    shell_error("Syntax error: Bad function name");
    return NULL;
  }
  skip_newlines(p);
  if (!parse_deeper(p)) return NULL;
  node->kind = NODE_FUNCTION;
  node->name = name;
  node->words = NULL;
  while (replace_alias(p)) continue;
  node->second = parse_compound(p);
  if (node->second == NULL) return parse_failed(p, NULL);
  p->depth -= 1;
  return node;
}

struct lists {
  struct assignment **assignment;
  struct word **word;
  struct redirect **redirect;
};

static void add_word(struct parser *p, struct node *node, struct lists *lists) {
  struct token token = next_token(p);
  struct assignment *assignment = node->words == NULL ? as_assignment(p, token.parts) : NULL;
  if (assignment != NULL) {
    *lists->assignment = assignment;
    lists->assignment = &assignment->next;
    return;
  }
  struct word *word = arena_alloc(p->arena, sizeof *word);
  *word = (struct word){NULL, token.parts};
  *lists->word = word;
  lists->word = &word->next;
}

static struct node *parse_simple(struct parser *p) {
  struct node *node = new_node(p, NODE_SIMPLE);
  struct lists lists = {&node->assignments, &node->words, &node->redirects};
  node->line = peek_token(p)->line;
  while (!p->failed) {
    const struct token *token = peek_token(p);
    bool again = p->input->alias_again != 0 && token->start >= p->input->alias_again;
    if (again) p->input->alias_again = 0;
    if ((node->words == NULL || again) && replace_alias(p)) continue;
    if (token->kind == TOKEN_REDIRECT) {
      *lists.redirect = parse_redirect(p);
      lists.redirect = &(*lists.redirect)->next;
    } else if (token->kind == TOKEN_WORD) {
      add_word(p, node, &lists);
    } else if (token->kind == TOKEN_OPEN && node->words != NULL && node->words->next == NULL &&
               node->assignments == NULL && node->redirects == NULL) {
      return parse_function(p, node);
    } else {
      break;
    }
  }
  if (node->words == NULL && node->assignments == NULL && node->redirects == NULL) return parse_failed(p, NULL);
  return node;
}

// A list ends before what cannot begin a command.
static bool ends_list(struct parser *p) {
  static const char *const closing[] = {"then", "do", "done", "fi", "else", "elif", "esac", "}"};
  const struct token *token = peek_token(p);
  if (p->failed || token->kind == TOKEN_END || token->kind == TOKEN_CLOSE) return true;
  if (token->kind == TOKEN_CASE_END || token->kind == TOKEN_FALL_THROUGH) return true;
  if (token->kind != TOKEN_WORD || token->plain == NULL) return false;
  for (size_t i = 0; i < sizeof closing / sizeof *closing; i += 1) {
    if (strcmp(token->plain, closing[i]) == 0) return true;
  }
  return false;
}

static struct node *parse_one(struct parser *p) {
  if (!parse_deeper(p)) return NULL;
  while (replace_alias(p)) continue;
  struct node *node = parse_compound(p);
  if (node == NULL && ends_list(p)) parse_failed(p, NULL);
  if (node == NULL && !p->failed) node = parse_simple(p);
  p->depth -= 1;
  return node;
}

static struct node *parse_pipeline(struct parser *p) {
  bool negated = false;
  while (replace_alias(p)) continue;
  while (accept_word(p, "!")) negated = !negated;
  struct node *node = parse_one(p);
  if (node != NULL && peek_token(p)->kind == TOKEN_PIPE) {
    struct node *pipeline = new_node(p, NODE_PIPELINE);
    pipeline->first = node;
    while (node != NULL && accept_token(p, TOKEN_PIPE)) {
      skip_newlines(p);
      node->next = parse_one(p);
      node = node->next;
    }
    node = pipeline;
  }
  if (!negated) return node;
  struct node *not = new_node(p, NODE_NOT);
  not->first = node;
  return not;
}

static struct node *parse_and_or(struct parser *p) {
  struct node *node = parse_pipeline(p);
  while (node != NULL && !p->failed) {
    enum token_kind kind = peek_token(p)->kind;
    if (kind != TOKEN_AND_IF && kind != TOKEN_OR_IF) break;
    next_token(p);
    skip_newlines(p);
    struct node *both = new_node(p, kind == TOKEN_AND_IF ? NODE_AND : NODE_OR);
    both->first = node;
    both->second = parse_pipeline(p);
    node = both;
  }
  return node;
}

// One and-or list and what separates it from the next. *more: another may follow on the same line.
static struct node *parse_item(struct parser *p, bool *more) {
  struct node *node = parse_and_or(p);
  *more = false;
  if (p->failed || node == NULL) return node;
  if (accept_token(p, TOKEN_BACKGROUND)) {
    struct node *background = new_node(p, NODE_BACKGROUND);
    background->first = node;
    node = background;
    *more = true;
  } else if (accept_token(p, TOKEN_SEMICOLON)) {
    *more = true;
  }
  return node;
}

static struct node *as_sequence(struct parser *p, struct node *first) {
  if (first == NULL || first->next == NULL) return first;
  struct node *sequence = new_node(p, NODE_SEQUENCE);
  sequence->first = first;
  return sequence;
}

struct node *parse_list(struct parser *p) {
  struct node *first = NULL;
  struct node **place = &first;
  bool more = true;
  skip_newlines(p);
  while (more && !ends_list(p)) {
    *place = parse_item(p, &more);
    if (*place == NULL) break;
    place = &(*place)->next;
    if (!p->failed && peek_token(p)->kind == TOKEN_NEWLINE) more = true;
    skip_newlines(p);
  }
  return as_sequence(p, first);
}

// A complete command: what one line begins.
static struct node *parse_line(struct parser *p) {
  struct node *first = NULL;
  struct node **place = &first;
  bool more = true;
  while (more && peek_token(p)->kind != TOKEN_NEWLINE && peek_token(p)->kind != TOKEN_END) {
    *place = parse_item(p, &more);
    if (*place == NULL) return NULL;
    place = &(*place)->next;
  }
  enum token_kind kind = peek_token(p)->kind;
  if (kind != TOKEN_NEWLINE && kind != TOKEN_END) return parse_failed(p, NULL);
  return as_sequence(p, first);
}

enum parse_result parse_command(struct input *input, struct program **program) {
  input_begin_command(input);
  *program = program_new();
  struct parser p = {.input = input, .arena = &(*program)->arena};
  enum parse_result result = PARSE_COMMAND;
  enum token_kind kind = peek_token(&p)->kind;
  if (!p.failed && kind == TOKEN_END) {
    result = PARSE_END;
  } else if (!p.failed && kind == TOKEN_NEWLINE) {
    result = PARSE_NOTHING;
  } else {
    (*program)->root = parse_line(&p);
    // The end may come in place of the newline: here-documents then have no lines.
    if (!p.failed) read_here_documents(&p);
    if (p.failed) result = PARSE_FAILED;
  }
  if (result != PARSE_COMMAND) {
    program_drop(*program);
    *program = NULL;
  }
  return result;
}
