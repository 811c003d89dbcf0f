#include "lexer.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

const struct builtin_row BUILTINS[] = {
    {"atan2", B_ATAN2, 2, 2},     {"close", B_CLOSE, 1, 2},       {"cos", B_COS, 1, 1},
    {"exp", B_EXP, 1, 1},         {"fflush", B_FFLUSH, 0, 1},     {"gensub", B_GENSUB, 3, 4},
    {"gsub", B_GSUB, 2, 3},       {"index", B_INDEX, 2, 2},       {"int", B_INT, 1, 1},
    {"length", B_LENGTH, 0, 1},   {"log", B_LOG, 1, 1},           {"match", B_MATCH, 2, 3},
    {"rand", B_RAND, 0, 0},       {"sin", B_SIN, 1, 1},           {"split", B_SPLIT, 2, 4},
    {"sprintf", B_SPRINTF, 1, -1}, {"sqrt", B_SQRT, 1, 1},        {"srand", B_SRAND, 0, 1},
    {"strftime", B_STRFTIME, 0, 3}, {"strtonum", B_STRTONUM, 1, 1}, {"sub", B_SUB, 2, 3},
    {"substr", B_SUBSTR, 2, 3},   {"system", B_SYSTEM, 1, 1},     {"systime", B_SYSTIME, 0, 0},
    {"tolower", B_TOLOWER, 1, 1}, {"toupper", B_TOUPPER, 1, 1},   {"and", B_AND, 2, 2},
    {"or", B_OR, 2, 2},           {"xor", B_XOR, 2, 2},           {"lshift", B_LSHIFT, 2, 2},
    {"rshift", B_RSHIFT, 2, 2},   {"compl", B_COMPL, 1, 1},       {NULL, 0, 0, 0},
};

static const struct {
  const char *text;
  enum token_type type;
} WORDS[] = {{"BEGIN", T_BEGIN},     {"END", T_END_BLOCK},   {"function", T_FUNCTION}, {"func", T_FUNCTION},
             {"if", T_IF},           {"else", T_ELSE},       {"while", T_WHILE},       {"for", T_FOR},
             {"do", T_DO},           {"break", T_BREAK},     {"continue", T_CONTINUE}, {"next", T_NEXT},
             {"nextfile", T_NEXTFILE}, {"exit", T_EXIT},     {"return", T_RETURN},     {"delete", T_DELETE},
             {"in", T_IN},           {"getline", T_GETLINE}, {"print", T_PRINT},       {"printf", T_PRINTF}},
  // The longer ones first.
  SIGNS[] = {{"**=", T_POWER_ASSIGN}, {"**", T_POWER},  {"^=", T_POWER_ASSIGN}, {"+=", T_ADD_ASSIGN},
             {"-=", T_SUBTRACT_ASSIGN}, {"*=", T_MULTIPLY_ASSIGN}, {"/=", T_DIVIDE_ASSIGN},
             {"%=", T_MODULO_ASSIGN}, {"==", T_EQUAL},  {"<=", T_LESS_EQUAL},   {">=", T_GREATER_EQUAL},
             {"!=", T_NOT_EQUAL},  {"++", T_INCREMENT}, {"--", T_DECREMENT},    {"&&", T_AND},
             {"||", T_OR},         {">>", T_APPEND},    {"!~", T_NO_MATCH},     {"(", T_OPEN},
             {")", T_CLOSE},       {"{", T_OPEN_BRACE}, {"}", T_CLOSE_BRACE},   {"[", T_OPEN_BRACKET},
             {"]", T_CLOSE_BRACKET}, {",", T_COMMA},    {";", T_SEMICOLON},     {"+", T_ADD},
             {"-", T_SUBTRACT},    {"*", T_MULTIPLY},   {"/", T_DIVIDE},        {"%", T_MODULO},
             {"^", T_POWER},       {"!", T_NOT},        {">", T_GREATER},       {"<", T_LESS},
             {"|", T_PIPE},        {"?", T_QUESTION},   {":", T_COLON},         {"~", T_MATCH},
             {"$", T_DOLLAR},      {"=", T_ASSIGN}};

static int peek(const struct lexer *lexer, size_t ahead) {
  return lexer->at + ahead < lexer->length ? (unsigned char)lexer->text[lexer->at + ahead] : -1;
}

// Blanks, comments, and newlines behind a backslash.
static void skip_blanks(struct lexer *lexer) {
  for (;;) {
    int byte = peek(lexer, 0);
    bool cr = byte == '\\' && peek(lexer, 1) == '\r' && peek(lexer, 2) == '\n';
    if (byte == ' ' || byte == '\t' || byte == '\r') {
      lexer->at += 1;
    } else if (byte == '\\' && (peek(lexer, 1) == '\n' || cr)) {
      lexer->at += cr ? 3 : 2;
      lexer->line += 1;
    } else if (byte == '#') {
      while (peek(lexer, 0) >= 0 && peek(lexer, 0) != '\n') lexer->at += 1;
    } else {
      return;
    }
  }
}

static bool is_octal(char byte) { return byte >= '0' && byte <= '7'; }

// The escape whose letter is at `at`; where it ends.
static const char *unescape_one(const char *at, const char *end, struct bytes *to) {
  static const char letters[] = "abfnrtv\\\"/";
  static const char meanings[] = "\a\b\f\n\r\t\v\\\"/";
  const char *found = *at == '\0' ? NULL : strchr(letters, *at);
  if (found != NULL) {
    bytes_byte(to, meanings[found - letters]);
    return at + 1;
  }
  if (*at == '\n') return at + 1;
  if (!is_octal(*at)) {
    bytes_byte(to, '\\');
    bytes_byte(to, *at);
    return at + 1;
  }
  int value = 0;
  for (int digits = 0; digits < 3 && at < end && is_octal(*at); digits += 1) value = value * 8 + (*at++ - '0');
  bytes_byte(to, (char)value);
  return at;
}

void unescape_string(const char *text, size_t length, struct bytes *to) {
  const char *end = text + length;
  bytes_clear(to);
  while (text < end) {
    if (*text == '\\' && text + 1 < end) text = unescape_one(text + 1, end, to);
    else bytes_byte(to, *text++);
  }
}

static void read_string(struct lexer *lexer) {
  size_t start = ++lexer->at;
  for (; peek(lexer, 0) != '"'; lexer->at += 1) {
    int byte = peek(lexer, 0);
    if (byte == '\\' && peek(lexer, 1) >= 0) {
      lexer->at += 1;
      if (peek(lexer, 0) == '\n') lexer->line += 1;
    } else if (byte < 0 || byte == '\n') {
      lexer->error = "unterminated string";
      lexer->type = T_END;
      return;
    }
  }
  unescape_string(lexer->text + start, lexer->at - start, &lexer->string);
  lexer->at += 1;
  lexer->type = T_STRING;
}

bool lexer_regex(struct lexer *lexer) {
  bool bracket = false;
  size_t bracket_start = 0;
  lexer->at = lexer->start + 1;
  bytes_clear(&lexer->string);
  for (;; lexer->at += 1) {
    int byte = peek(lexer, 0);
    if (byte < 0 || byte == '\n') {
      lexer->error = "unterminated regular expression";
      return false;
    }
    if (byte == '/' && !bracket) break;
    if (byte == '\\' && peek(lexer, 1) >= 0) {
      lexer->at += 1;
      if (peek(lexer, 0) != '/') bytes_byte(&lexer->string, '\\');
      byte = peek(lexer, 0);
    } else if (byte == '[' && !bracket) {
      bracket = true;
      bracket_start = lexer->at + 1 + (peek(lexer, 1) == '^');
    } else if (byte == '[' && peek(lexer, 1) == ':') {
      const char *end = memmem(lexer->text + lexer->at, lexer->length - lexer->at, ":]", 2);
      size_t length = end == NULL ? 0 : (size_t)(end - lexer->text) + 1 - lexer->at;
      bytes_add(&lexer->string, lexer->text + lexer->at, length);
      lexer->at += length;
      if (end != NULL) byte = ']';
    } else if (byte == ']' && bracket && lexer->at > bracket_start) {
      bracket = false;
    }
    bytes_byte(&lexer->string, (char)byte);
  }
  lexer->at += 1;
  return true;
}

static void read_number(struct lexer *lexer) {
  const char *start = lexer->text + lexer->at;
  char *end;
  // Hexadecimal is not awk's.
  bool zero_x = *start == '0' && (start[1] == 'x' || start[1] == 'X');
  lexer->number = zero_x ? 0 : strtod(start, &end);
  lexer->at += zero_x ? 1 : (size_t)(end - start);
  lexer->type = T_NUMBER;
}

static bool is_word(const struct lexer *lexer, const char *word) {
  return strlen(word) == lexer->name_length && memcmp(word, lexer->name, lexer->name_length) == 0;
}

static void read_name(struct lexer *lexer) {
  lexer->name = lexer->text + lexer->at;
  while (isalnum(peek(lexer, 0)) || peek(lexer, 0) == '_') lexer->at += 1;
  lexer->name_length = (size_t)(lexer->text + lexer->at - lexer->name);
  lexer->type = peek(lexer, 0) == '(' ? T_CALL : T_NAME;
  for (size_t index = 0; index < sizeof WORDS / sizeof *WORDS; index += 1) {
    if (is_word(lexer, WORDS[index].text)) lexer->type = WORDS[index].type;
  }
  for (const struct builtin_row *row = BUILTINS; row->name != NULL; row += 1) {
    if (!is_word(lexer, row->name)) continue;
    lexer->type = T_BUILTIN;
    lexer->builtin = row;
  }
}

static void read_sign(struct lexer *lexer) {
  for (size_t index = 0; index < sizeof SIGNS / sizeof *SIGNS; index += 1) {
    size_t length = strlen(SIGNS[index].text);
    if (lexer->length - lexer->at < length || memcmp(lexer->text + lexer->at, SIGNS[index].text, length) != 0) continue;
    lexer->at += length;
    lexer->type = SIGNS[index].type;
    return;
  }
  lexer->error = "unexpected character";
  lexer->type = T_END;
}

void lexer_next(struct lexer *lexer) {
  skip_blanks(lexer);
  lexer->start = lexer->at;
  int byte = peek(lexer, 0);
  if (byte < 0) {
    lexer->type = T_END;
  } else if (byte == '\n') {
    lexer->at += 1;
    lexer->line += 1;
    lexer->type = T_NEWLINE;
  } else if (byte == '"') {
    read_string(lexer);
  } else if (isdigit(byte) || (byte == '.' && isdigit(peek(lexer, 1)))) {
    read_number(lexer);
  } else if (isalpha(byte) || byte == '_') {
    read_name(lexer);
  } else {
    read_sign(lexer);
  }
}
