// Tokens: operators, newlines and words.
#include <string.h>

#include "sh/parse/parser.h"

struct operator {
  char text[4];
  enum token_kind kind;
  enum redirect_kind redirect;
};

// Longest first where one begins another.
static const struct operator operators[] = {
  {"&&", TOKEN_AND_IF, 0},
  {"&", TOKEN_BACKGROUND, 0},
  {"||", TOKEN_OR_IF, 0},
  {"|", TOKEN_PIPE, 0},
  {";;", TOKEN_CASE_END, 0},
  {";&", TOKEN_FALL_THROUGH, 0},
  {";", TOKEN_SEMICOLON, 0},
  {"(", TOKEN_OPEN, 0},
  {")", TOKEN_CLOSE, 0},
  {"<<-", TOKEN_REDIRECT, REDIRECT_HERE},
  {"<<", TOKEN_REDIRECT, REDIRECT_HERE},
  {"<&", TOKEN_REDIRECT, REDIRECT_DUP_IN},
  {"<>", TOKEN_REDIRECT, REDIRECT_READ_WRITE},
  {"<", TOKEN_REDIRECT, REDIRECT_READ},
  {">>", TOKEN_REDIRECT, REDIRECT_APPEND},
  {">&", TOKEN_REDIRECT, REDIRECT_DUP_OUT},
  {">|", TOKEN_REDIRECT, REDIRECT_CLOBBER},
  {">", TOKEN_REDIRECT, REDIRECT_WRITE},
};

bool is_metacharacter(int c) { return c == INPUT_END || strchr(" \t\n|&;<>()", c) != NULL; }

static bool is_blank(int c) { return c == ' ' || c == '\t'; }

static void skip_blanks(struct input *input) {
  while (is_blank(input_peek(input))) input_next_raw(input);
  if (input_peek(input) != '#') return;
  // A backslash at the end of a comment continues nothing.
  while (input_peek_raw(input) != '\n' && input_peek_raw(input) != INPUT_END) input_next_raw(input);
}

// Takes the operator that begins here. Continuations may be inside of it.
static bool lex_operator(struct parser *p) {
  char found[4] = "";
  const struct operator *best = NULL;
  for (size_t length = 0; length < 3; length += 1) {
    int c = input_peek(p->input);
    if (c == INPUT_END || c == '\0') break;
    found[length] = (char)c;
    const struct operator *longer = NULL;
    for (size_t i = 0; i < sizeof operators / sizeof *operators && longer == NULL; i += 1) {
      if (strcmp(operators[i].text, found) == 0) longer = &operators[i];
    }
    if (longer == NULL) break;
    best = longer;
    input_next_raw(p->input);
  }
  if (best == NULL) return false;
  p->token.kind = best->kind;
  p->token.redirect = best->redirect;
  p->token.strip_tabs = best->text[2] == '-';
  return true;
}

// A digit right before < or > is the descriptor to redirect.
static void lex_descriptor(struct parser *p) {
  int c = input_peek(p->input);
  if (c < '0' || c > '9') return;
  int second = input_peek_second(p->input);
  if (second != '<' && second != '>') return;
  input_next_raw(p->input);
  p->token.fd = c - '0';
}

static void lex(struct parser *p) {
  struct input *input = p->input;
  skip_blanks(input);
  int c = input_peek(input);
  p->token = (struct token){.start = input->at, .line = input->line, .fd = -1};
  if (c == INPUT_END) {
    p->token.kind = TOKEN_END;
    return;
  }
  if (c == '\n') {
    input_next_raw(input);
    p->token.kind = TOKEN_NEWLINE;
    read_here_documents(p);
    return;
  }
  input->continued = true;
  lex_descriptor(p);
  if (lex_operator(p)) return;
  p->token.kind = TOKEN_WORD;
  p->token.parts = parse_parts(p, CONTEXT_PLAIN);
  p->token.plain = plain_text(p->token.parts);
}

const struct token *peek_token(struct parser *p) {
  if (!p->peeked) {
    lex(p);
    p->peeked = true;
  }
  return &p->token;
}

struct token next_token(struct parser *p) {
  peek_token(p);
  p->peeked = false;
  return p->token;
}
