#include "pattern-emit.h"

#include <string.h>

struct emit {
  struct bytes *to;
  bool basic;
  int shift;
};

// An operator of extended ones; basic ones have it with a backslash.
static void operator(const struct emit *emit, char byte) {
  if (emit->basic) bytes_byte(emit->to, '\\');
  bytes_byte(emit->to, byte);
}

static void byte(const struct emit *emit, char byte) {
  bool special = byte != '\0' && strchr(emit->basic ? ".[\\*^$" : ".[\\()*+?{|^$", byte) != NULL;
  if (special) bytes_byte(emit->to, '\\');
  bytes_byte(emit->to, byte);
}

static void interval(const struct emit *emit, const struct token *token) {
  operator(emit, '{');
  // {,5} is not POSIX.
  if (*token->text == ',') bytes_byte(emit->to, '0');
  bytes_add(emit->to, token->text, token->length);
  operator(emit, '}');
}

static void token(const struct emit *emit, const struct token *token) {
  switch (token->kind) {
    case TOKEN_BYTE: byte(emit, token->byte); break;
    case TOKEN_ANY: bytes_byte(emit->to, '.'); break;
    case TOKEN_START: bytes_byte(emit->to, '^'); break;
    case TOKEN_END: bytes_byte(emit->to, '$'); break;
    case TOKEN_OPEN: operator(emit, '('); break;
    case TOKEN_CLOSE: operator(emit, ')'); break;
    case TOKEN_OR: operator(emit, '|'); break;
    case TOKEN_STAR: bytes_byte(emit->to, '*'); break;
    case TOKEN_PLUS: operator(emit, '+'); break;
    case TOKEN_MAYBE: operator(emit, '?'); break;
    case TOKEN_INTERVAL: interval(emit, token); break;
    case TOKEN_BRACKET: bytes_add(emit->to, token->text, token->length); break;
    case TOKEN_BACK:
    case TOKEN_ESCAPE:
      bytes_byte(emit->to, '\\');
      bytes_byte(emit->to, (char)(token->byte + (token->kind == TOKEN_BACK ? emit->shift : 0)));
      break;
  }
}

void tokens_emit(const struct tokens *tokens, bool in_front, struct bytes *to) {
  struct emit emit = {to, tokens->has_back, in_front ? GROUPS_IN_FRONT : 0};
  bytes_clear(to);
  if (in_front) bytes_text(to, emit.basic ? "\\(.\\|\n\\)\\(" : "(.|\n)(");
  for (size_t index = 0; index < tokens->count; index += 1) {
    const struct token *one = &tokens->list[index];
    // a** is a*, which not every regcomp knows.
    if (one->kind == TOKEN_STAR && index > 0 && one[-1].kind == TOKEN_STAR) continue;
    token(&emit, one);
  }
  if (in_front) operator(&emit, ')');
}

// Behind the group that opens at `index`.
static size_t behind_group(const struct tokens *tokens, size_t index) {
  size_t depth = 0;
  for (; index < tokens->count; index += 1) {
    if (tokens->list[index].kind == TOKEN_OPEN) depth += 1;
    if (tokens->list[index].kind == TOKEN_CLOSE && --depth == 0) break;
  }
  return index;
}

static bool can_be_none(const struct token *token) {
  if (token->kind == TOKEN_INTERVAL) return true;
  return token->kind == TOKEN_STAR || token->kind == TOKEN_MAYBE;
}

static void keep_longest(struct bytes *longest, struct bytes *run) {
  if (run->length > longest->length) bytes_swap(longest, run);
  bytes_clear(run);
}

bool tokens_literal(const struct tokens *tokens, struct bytes *to) {
  struct bytes run = BYTES_NONE;
  bool all = true;
  bytes_clear(to);
  bytes_clear(&run);
  for (size_t index = 0; index < tokens->count; index += 1) {
    const struct token *one = &tokens->list[index];
    bool repeated = index + 1 < tokens->count && token_repeats(one + 1);
    if (one->kind == TOKEN_OR) {
      bytes_clear(to);
      bytes_clear(&run);
      all = false;
      break;
    }
    if (one->kind == TOKEN_BYTE && !(repeated && can_be_none(one + 1))) {
      bytes_byte(&run, one->byte);
      if (!repeated) continue;
    }
    all = false;
    keep_longest(to, &run);
    if (one->kind == TOKEN_OPEN) index = behind_group(tokens, index);
  }
  keep_longest(to, &run);
  bytes_free(&run);
  return all;
}
