#include "pattern-tokens.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "array.h"

struct scan {
  struct tokens *tokens;
  const char *at;
  const char *end;
  bool extended;
  size_t open;
  const char *why;
};

bool token_repeats(const struct token *token) {
  return token->kind == TOKEN_STAR || token->kind == TOKEN_PLUS || token->kind == TOKEN_MAYBE ||
         token->kind == TOKEN_INTERVAL;
}

static void add(struct scan *scan, struct token token) {
  struct tokens *tokens = scan->tokens;
  // Grown by doubling: at each power of two.
  if ((tokens->count & (tokens->count - 1)) == 0) {
    size_t size = tokens->count == 0 ? 1 : tokens->count * 2;
    tokens->list = must_grow(tokens->list, size, sizeof *tokens->list);
  }
  tokens->list[tokens->count++] = token;
}

static void add_kind(struct scan *scan, enum token_kind kind) {
  add(scan, (struct token){.kind = kind});
}

static void add_byte(struct scan *scan, char byte) {
  add(scan, (struct token){.kind = TOKEN_BYTE, .byte = byte});
}

// Whether nothing stands here that could be repeated: the start, or behind ( or |.
static bool at_start(const struct scan *scan) {
  if (scan->tokens->count == 0) return true;
  enum token_kind last = scan->tokens->list[scan->tokens->count - 1].kind;
  return last == TOKEN_OPEN || last == TOKEN_OR;
}

static bool nothing_to_repeat(const struct scan *scan) {
  return at_start(scan) || scan->tokens->list[scan->tokens->count - 1].kind == TOKEN_START;
}

static bool fail(struct scan *scan, const char *why) {
  scan->why = why;
  return false;
}

// Behind the [: or [. or [= at `at`, where its end is, or NULL.
static const char *class_end(const char *at, const char *end) {
  for (const char *next = at + 2; next + 1 < end; next += 1) {
    if (*next == at[1] && next[1] == ']') return next + 2;
  }
  return NULL;
}

static bool bracket(struct scan *scan) {
  const char *start = scan->at;
  const char *at = start + 1;
  if (at < scan->end && *at == '^') at += 1;
  if (at < scan->end && *at == ']') at += 1;
  while (at < scan->end && *at != ']') {
    bool class = *at == '[' && at + 1 < scan->end && strchr(":.=", at[1]) != NULL && at[1] != '\0';
    at = class ? class_end(at, scan->end) : at + 1;
    if (at == NULL) return fail(scan, "Unmatched [, [^, [:, [., or [=");
  }
  if (at >= scan->end) return fail(scan, "Unmatched [, [^, [:, [., or [=");
  scan->at = at + 1;
  add(scan, (struct token){.kind = TOKEN_BRACKET, .text = start, .length = (size_t)(at + 1 - start)});
  return true;
}

// The numbers of an interval that starts at `at`, or NULL; where they end otherwise.
static const char *interval_end(const char *at, const char *end) {
  const char *start = at;
  while (at < end && (isdigit((unsigned char)*at) || *at == ',')) at += 1;
  if (at == start || at >= end || memchr(start, ',', (size_t)(at - start)) == at) return NULL;
  return at;
}

// At the first byte behind a brace that opens.
static bool interval(struct scan *scan) {
  const char *end = interval_end(scan->at, scan->end);
  size_t closing = scan->extended ? 1 : 2;
  bool closed = end != NULL && (size_t)(scan->end - end) >= closing &&
                memcmp(end, scan->extended ? "}" : "\\}", closing) == 0;
  if (!closed) {
    if (!scan->extended) return fail(scan, "Invalid content of \\{\\}");
    add_byte(scan, '{');
    return true;
  }
  struct token token = {.kind = TOKEN_INTERVAL, .text = scan->at, .length = (size_t)(end - scan->at)};
  scan->at = end + closing;
  if (nothing_to_repeat(scan)) return fail(scan, "Invalid preceding regular expression");
  add(scan, token);
  return true;
}

static void open_group(struct scan *scan) {
  scan->open += 1;
  scan->tokens->groups += 1;
  add_kind(scan, TOKEN_OPEN);
}

static bool close_group(struct scan *scan) {
  if (scan->open == 0) {
    if (!scan->extended) return fail(scan, "Unmatched ) or \\)");
    add_byte(scan, ')');
    return true;
  }
  scan->open -= 1;
  add_kind(scan, TOKEN_CLOSE);
  return true;
}

// Without anything to repeat, it is itself in a basic one, and nothing in an extended one.
static void repeat(struct scan *scan, enum token_kind kind, char byte) {
  if (!nothing_to_repeat(scan)) add_kind(scan, kind);
  else if (!scan->extended) add_byte(scan, byte);
}

// What ( ) { | + ? mean: in extended ones without, in basic ones with a backslash.
static bool operator(struct scan *scan, char byte) {
  switch (byte) {
    case '(': open_group(scan); return true;
    case ')': return close_group(scan);
    case '{': return interval(scan);
    case '|': add_kind(scan, TOKEN_OR); return true;
    case '+': repeat(scan, TOKEN_PLUS, '+'); return true;
    default: repeat(scan, TOKEN_MAYBE, '?'); return true;
  }
}

static bool is_operator(char byte) { return byte != '\0' && strchr("(){|+?", byte) != NULL; }

static bool escape(struct scan *scan) {
  if (scan->at == scan->end) return fail(scan, "Trailing backslash");
  static const char letters[] = "abfnrtv";
  static const char meanings[] = "\a\b\f\n\r\t\v";
  char byte = *scan->at++;
  if (is_operator(byte) && !scan->extended) return operator(scan, byte);
  if (byte == '}' && !scan->extended) return fail(scan, "Unmatched \\{");
  if (byte >= '1' && byte <= '9') {
    if ((size_t)(byte - '0') > scan->tokens->groups) return fail(scan, "Invalid back reference");
    scan->tokens->has_back = true;
    add(scan, (struct token){.kind = TOKEN_BACK, .byte = byte});
    return true;
  }
  if (byte != '\0' && strchr("wWsSbB<>", byte) != NULL) {
    if (strchr("bB<>", byte) != NULL) scan->tokens->has_word_edge = true;
    add(scan, (struct token){.kind = TOKEN_ESCAPE, .byte = byte});
    return true;
  }
  const char *letter = byte == '\0' || byte == 'b' ? NULL : strchr(letters, byte);
  add_byte(scan, letter == NULL ? byte : meanings[letter - letters]);
  return true;
}

// Whether a $ here, which was read, is an anchor in a basic one: at the end, before \) or \|.
static bool anchors_end(const struct scan *scan) {
  if (scan->extended || scan->at == scan->end) return true;
  return scan->end - scan->at >= 2 && *scan->at == '\\' && (scan->at[1] == ')' || scan->at[1] == '|');
}

static bool next(struct scan *scan) {
  char byte = *scan->at;
  if (byte == '[') return bracket(scan);
  scan->at += 1;
  if (byte == '\\') return escape(scan);
  if (scan->extended && is_operator(byte)) return operator(scan, byte);
  if (byte == '*') repeat(scan, TOKEN_STAR, '*');
  else if (byte == '.') add_kind(scan, TOKEN_ANY);
  else if (byte == '^' && (scan->extended || at_start(scan))) add_kind(scan, TOKEN_START);
  else if (byte == '$' && anchors_end(scan)) add_kind(scan, TOKEN_END);
  else add_byte(scan, byte);
  return true;
}

bool tokens_parse(struct tokens *tokens, const char *text, size_t length, bool extended,
                  const char **why) {
  *tokens = (struct tokens){NULL, 0, 0, false, false};
  struct scan scan = {tokens, text, text + length, extended, 0, NULL};
  while (scan.at < scan.end && next(&scan)) continue;
  if (scan.why == NULL && scan.open > 0) scan.why = "Unmatched ( or \\(";
  if (scan.why == NULL) return true;
  *why = scan.why;
  tokens_free(tokens);
  return false;
}

void tokens_free(struct tokens *tokens) {
  free(tokens->list);
  tokens->list = NULL;
}
