// The words of an awk program.
#ifndef TEXT_AWK_LEXER_H
#define TEXT_AWK_LEXER_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/bytes.h"

enum token_type {
  T_END, T_NEWLINE, T_NUMBER, T_STRING, T_NAME, T_CALL /* a name with ( right behind it */, T_BUILTIN,
  // Words.
  T_BEGIN, T_END_BLOCK, T_FUNCTION, T_IF, T_ELSE, T_WHILE, T_FOR, T_DO, T_BREAK, T_CONTINUE, T_NEXT,
  T_NEXTFILE, T_EXIT, T_RETURN, T_DELETE, T_IN, T_GETLINE, T_PRINT, T_PRINTF,
  // Signs.
  T_OPEN, T_CLOSE, T_OPEN_BRACE, T_CLOSE_BRACE, T_OPEN_BRACKET, T_CLOSE_BRACKET, T_COMMA, T_SEMICOLON,
  T_ADD, T_SUBTRACT, T_MULTIPLY, T_DIVIDE, T_MODULO, T_POWER, T_NOT, T_GREATER, T_LESS, T_PIPE, T_QUESTION,
  T_COLON, T_MATCH, T_NO_MATCH, T_DOLLAR, T_ASSIGN, T_ADD_ASSIGN, T_SUBTRACT_ASSIGN, T_MULTIPLY_ASSIGN,
  T_DIVIDE_ASSIGN, T_MODULO_ASSIGN, T_POWER_ASSIGN, T_EQUAL, T_LESS_EQUAL, T_GREATER_EQUAL, T_NOT_EQUAL,
  T_INCREMENT, T_DECREMENT, T_AND, T_OR, T_APPEND,
};

enum builtin {
  B_ATAN2, B_CLOSE, B_COS, B_EXP, B_FFLUSH, B_GENSUB, B_GSUB, B_INDEX, B_INT, B_LENGTH, B_LOG, B_MATCH, B_RAND,
  B_SIN, B_SPLIT, B_SPRINTF, B_SQRT, B_SRAND, B_STRFTIME, B_STRTONUM, B_SUB, B_SUBSTR, B_SYSTEM, B_SYSTIME,
  B_TOLOWER, B_TOUPPER, B_AND, B_OR, B_XOR, B_LSHIFT, B_RSHIFT, B_COMPL,
};

struct builtin_row {
  const char *name;
  enum builtin builtin;
  int least;
  int most;
};
// Ends with a name that is NULL.
extern const struct builtin_row BUILTINS[];

struct lexer {
  const char *text;
  size_t length;
  size_t at;
  int line;
  // The current word.
  enum token_type type;
  size_t start;  // where it starts
  double number;
  const char *name;  // of a name, with its length
  size_t name_length;
  const struct builtin_row *builtin;
  struct bytes string;
  const char *error;
};

void lexer_next(struct lexer *lexer);
// At a / or /=, which turned out to start a regular expression: its text goes to `string`.
bool lexer_regex(struct lexer *lexer);
// What the escapes of a string stand for. Those unknown stay as they are.
void unescape_string(const char *text, size_t length, struct bytes *to);

#endif
