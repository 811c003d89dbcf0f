// A regular expression as a list of tokens, the same for basic and extended ones.
#ifndef LIB_PATTERN_TOKENS_H
#define LIB_PATTERN_TOKENS_H

#include <stdbool.h>
#include <stddef.h>

enum token_kind {
  TOKEN_BYTE,
  TOKEN_ANY,
  TOKEN_START,
  TOKEN_END,
  TOKEN_OPEN,
  TOKEN_CLOSE,
  TOKEN_OR,
  TOKEN_STAR,
  TOKEN_PLUS,
  TOKEN_MAYBE,
  TOKEN_INTERVAL,  // text: what is between the braces
  TOKEN_BRACKET,   // text: with its brackets
  TOKEN_BACK,      // byte: the digit
  TOKEN_ESCAPE,    // byte: the letter of \w, \b …
};

struct token {
  enum token_kind kind;
  char byte;
  const char *text;
  size_t length;
};

struct tokens {
  struct token *list;
  size_t count;
  size_t groups;
  bool has_back;
  bool has_word_edge;
};

// False, and `*why` says why, when the text is no regular expression.
bool tokens_parse(struct tokens *tokens, const char *text, size_t length, bool extended,
                  const char **why);
void tokens_free(struct tokens *tokens);
bool token_repeats(const struct token *token);

#endif
