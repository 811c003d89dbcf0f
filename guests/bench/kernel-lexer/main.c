// Cuts a C-like source into tokens: kinds by first byte, names and keywords kept once in chains,
// numbers in three notations, strings with escapes, the longest operator that fits.
#include "kernel.h"

#define BYTES 12000
#define BUCKETS 256
#define NAMES 1024

typedef enum { END, NAME, KEYWORD, INTEGER, REAL, TEXT, OPERATOR, WRONG } Kind;

typedef struct Name {
  struct Name *next;
  const char *start;
  uint32_t length, hash, used;
  Kind kind;
} Name;

typedef struct {
  Kind kind;
  uint32_t line, value;
  const Name *name;
} Token;

static const char *const KEYWORDS[] = {"if",    "else",   "while",  "for",   "return",
                                       "int",   "char",   "void",   "static", "const",
                                       "break", "struct", "switch", "case"};
/** Those of more than one byte, longer ones first. */
static const char *const OPERATORS[] = {"<<=", ">>=", "...", "->", "++", "--", "<<",
                                        ">>",  "<=",  ">=",  "==", "!=", "&&", "||",
                                        "+=",  "-=",  "*=",  "/=", "|=", "&="};

static char source[BYTES + 128];
static Name names[NAMES], *buckets[BUCKETS];
static uint32_t known, line;
static const char *at;

static inline int is_digit(char c) {
  return c >= '0' && c <= '9';
}

static inline int is_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || is_digit(c);
}

static NOINLINE Name *intern(const char *start, uint32_t length, Kind kind) {
  uint32_t hash = 0;
  for (uint32_t i = 0; i < length; i++) hash = hash * 65599 + (uint8_t)start[i];
  Name **bucket = &buckets[(hash ^ hash >> 15) % BUCKETS];
  for (Name *name = *bucket; name; name = name->next) {
    if (name->hash != hash || name->length != length) continue;
    if (memcmp(name->start, start, length) == 0) return name;
  }
  names[known] = (Name){*bucket, start, length, hash, 0, kind};
  return *bucket = &names[known++];
}

static void skip_blanks(void) {
  for (;; at++) {
    if (*at == '\n') {
      line++;
    } else if (at[0] == '/' && at[1] == '/') {
      while (at[1] != '\n') at++;
    } else if (at[0] == '/' && at[1] == '*') {
      for (at += 2; at[0] != '*' || at[1] != '/'; at++) line += *at == '\n';
      at++;
    } else if (*at != ' ' && *at != '\t') {
      return;
    }
  }
}

static Token number(void) {
  Token token = {.kind = INTEGER, .line = line};
  if (at[0] == '0' && (at[1] | 32) == 'x') {
    for (at += 2; is_digit(*at) || ((*at | 32) >= 'a' && (*at | 32) <= 'f'); at++) {
      int digit = is_digit(*at) ? *at - '0' : (*at | 32) - 'a' + 10;
      token.value = token.value << 4 | (uint32_t)digit;
    }
    return token;
  }
  for (; is_digit(*at); at++) token.value = token.value * 10 + (uint32_t)(*at - '0');
  if (*at == '.') {
    double fraction = 0, scale = 0.1;
    for (at++; is_digit(*at); at++, scale /= 10) fraction += (*at - '0') * scale;
    token.kind = REAL;
    token.value ^= bits_of(fraction);
  }
  return token;
}

static Token quoted(char quote) {
  Token token = {.kind = TEXT, .line = line};
  for (at++; *at != quote; at++) {
    char c = *at;
    if (c == '\n' || c == 0) {
      token.kind = WRONG;
      return token;
    }
    if (c == '\\') {
      switch (*++at) {
        case 'n': c = '\n'; break;
        case 't': c = '\t'; break;
        case '0': c = 0; break;
        default: c = *at;
      }
    }
    token.value = mix(token.value, (uint8_t)c);
  }
  at++;
  return token;
}

static Token operator_(void) {
  Token token = {.kind = OPERATOR, .line = line};
  size_t most = strspn(at, "+-*/=<>!&|.");
  for (uint32_t i = 0; most > 1 && i < sizeof OPERATORS / sizeof *OPERATORS; i++) {
    size_t length = strlen(OPERATORS[i]);
    if (length > most || memcmp(at, OPERATORS[i], length) != 0) continue;
    at += length;
    token.value = 256 + i;
    return token;
  }
  token.value = (uint8_t)*at;
  token.kind = strchr("+-*/%=<>!&|^~?:;,.(){}[]#", *at++) ? OPERATOR : WRONG;
  return token;
}

static NOINLINE Token next_token(void) {
  skip_blanks();
  if (*at == 0) return (Token){.kind = END, .line = line};
  if (is_digit(*at)) return number();
  if (*at == '"' || *at == '\'') return quoted(*at);
  if (!is_name(*at)) return operator_();
  const char *start = at;
  while (is_name(*at)) at++;
  Name *name = intern(start, (uint32_t)(at - start), NAME);
  return (Token){name->kind, line, name->used++, name};
}

static void make_source(void) {
  static const char *const PARTS[] = {
      "static int count_%(const char *text) {\n", "  for (int i = 0; i < size_%; i++) {\n",
      "    if (text[i] == '\\n' && !open) lines += 0x1F;\n", "  // a remark, \"quoted\" and 'so'\n",
      "  return total_% << 2 | (flags & ~mask);\n}\n\n", "  double rate = 3.25 * value_% / 1.5;\n",
      "  print(\"%\\t\\\"%\\\"\\n\", name->first, 4711);\n",
      "  /* over\n     two lines */ step_%--;\n",
      "  while (at[0] != '\\\\' && at < end) at += @;\n"};
  char *end = source;
  seed = 229;
  while (end < source + BYTES) {
    for (const char *part = PARTS[next_random() % 9]; *part; part++) {
      *end++ = *part != '%' ? *part : (char)('a' + next_random() % 26);
    }
  }
  *end = 0;
}

uint32_t run(int n) {
  uint32_t sum = 0;
  make_source();
  for (int round = 0; round < n; round++) {
    memset(buckets, 0, sizeof buckets);
    known = 0;
    line = 1;
    at = source + round % 7;
    for (uint32_t i = 0; i < sizeof KEYWORDS / sizeof *KEYWORDS; i++) {
      intern(KEYWORDS[i], (uint32_t)strlen(KEYWORDS[i]), KEYWORD);
    }
    for (Token token; (token = next_token()).kind != END;) {
      sum = mix(sum, token.value + (uint32_t)token.kind + token.line);
      if (token.name) sum = mix(sum, token.name->hash);
    }
    sum = mix(sum, known);
  }
  return sum;
}
