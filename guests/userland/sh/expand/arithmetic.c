// $((…)): C's integers of 64 bits, with all of C's operators and assignment. Precedence climbing over the text.
#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "sh/expand/expand.h"
#include "sh/parse/parser.h"
#include "sh/shell.h"
#include "sh/vars/variable.h"

struct calculation {
  const char *text;
  const char *at;
  int skipped;  // > 0: the value is not asked for, so nothing is assigned or divided
  int depth;
  bool failed;
};

struct binary {
  char text[4];
  int precedence;
};

// Longest first where one begins another. Assignment's = is no row: == is before it.
static const struct binary binaries[] = {
  {"||", 1}, {"&&", 2}, {"<<", 8}, {">>", 8}, {"<=", 7}, {">=", 7}, {"==", 6}, {"!=", 6},
  {"|", 3},  {"^", 4},  {"&", 5},  {"<", 7},  {">", 7},  {"+", 9},  {"-", 9},  {"*", 10},
  {"/", 10}, {"%", 10},
};

enum { DEEPEST = 400 };

static long long fail(struct calculation *c, const char *why) {
  if (!c->failed) shell_error("arithmetic expression: %s: \"%s\"", why, c->text);
  c->failed = true;
  return 0;
}

static long long comma(struct calculation *c);
static long long assignment(struct calculation *c);
static long long unary(struct calculation *c);

static void skip_blanks(struct calculation *c) {
  while (*c->at != '\0' && isspace((unsigned char)*c->at)) c->at += 1;
}

static bool take(struct calculation *c, const char *text) {
  skip_blanks(c);
  if (*c->at != *text) return false;
  size_t length = strlen(text);
  if (strncmp(c->at, text, length) != 0) return false;
  c->at += length;
  return true;
}

// Wraps around, as two's complement does.
static long long wrapped(unsigned long long value) { return (long long)value; }

static long long divide(struct calculation *c, char operator, long long left, long long right) {
  if (c->skipped > 0) return 0;
  if (right == 0) return fail(c, "division by zero");
  if (right == -1) return operator == '/' ? wrapped(0 - (unsigned long long)left) : 0;
  return operator == '/' ? left / right : left % right;
}

static long long shift(char operator, long long left, long long right) {
  int count = (int)(right & 63);
  if (operator == '<') return wrapped((unsigned long long)left << count);
  return left >= 0 ? left >> count : ~(~left >> count);
}

// A binary operator by its text: of one or two characters, && and || aside.
static long long apply(struct calculation *c, const char *operator, long long left, long long right) {
  unsigned long long a = (unsigned long long)left, b = (unsigned long long)right;
  bool equals = operator[1] == '=';
  switch (operator[0]) {
    case '+': return wrapped(a + b);
    case '-': return wrapped(a - b);
    case '*': return wrapped(a * b);
    case '/':
    case '%': return divide(c, operator[0], left, right);
    case '&': return wrapped(a & b);
    case '|': return wrapped(a | b);
    case '^': return wrapped(a ^ b);
    case '=': return left == right;
    case '!': return left != right;
    case '<': return operator[1] == '<' ? shift('<', left, right) : equals ? left <= right : left < right;
    default: return operator[1] == '>' ? shift('>', left, right) : equals ? left >= right : left > right;
  }
}

static long long number(struct calculation *c) {
  char *end;
  errno = 0;
  long long value = wrapped(strtoull(c->at, &end, 0));
  if (errno == ERANGE) value = INT64_MAX;
  c->at = end;
  return isalnum((unsigned char)*end) || *end == '_' ? fail(c, "bad number") : value;
}

static char *take_variable(struct calculation *c) {
  size_t length = 0;
  skip_blanks(c);
  while (c->at[length] == '_' || isalnum((unsigned char)c->at[length])) length += 1;
  if (length == 0 || isdigit((unsigned char)*c->at)) return NULL;
  c->at += length;
  return arena_copy(&scratch, c->at - length, length);
}

static long long value_of(struct calculation *c, const char *name) {
  const char *value = parameter_value(name);
  if (value == NULL && shell.options[OPTION_NO_UNSET] && c->skipped == 0) {
    if (!c->failed) shell_error("%s: parameter not set", name);
    c->failed = true;
    return 0;
  }
  if (value == NULL) return 0;
  while (isspace((unsigned char)*value)) value += 1;
  if (*value == '\0') return 0;
  char *end;
  errno = 0;
  long long result = strtoll(value, &end, 0);
  while (isspace((unsigned char)*end)) end += 1;
  if (*end == '\0' && end != value) return result;
  if (c->skipped > 0) return 0;
  if (!c->failed) shell_error("Illegal number: %s", value);
  c->failed = true;
  return 0;
}

static long long store(struct calculation *c, const char *name, long long value) {
  if (c->skipped == 0 && !c->failed && !variable_set_number(name, value)) c->failed = true;
  return value;
}

// The operator of an assignment, without its =; "" for = itself, NULL for none.
static const char *take_assignment(struct calculation *c) {
  static const char *const operators[] = {"<<", ">>", "*", "/", "%", "+", "-", "&", "^", "|"};
  skip_blanks(c);
  if (*c->at == '=' && c->at[1] != '=') {
    c->at += 1;
    return "";
  }
  for (size_t i = 0; i < sizeof operators / sizeof *operators; i += 1) {
    if (*c->at != *operators[i]) continue;
    size_t length = strlen(operators[i]);
    if (strncmp(c->at, operators[i], length) != 0 || c->at[length] != '=') continue;
    c->at += length + 1;
    return operators[i];
  }
  return NULL;
}

static long long variable(struct calculation *c, const char *name) {
  const char *operator = take_assignment(c);
  if (operator != NULL) {
    long long right = assignment(c);
    if (*operator != '\0') right = apply(c, operator, value_of(c, name), right);
    return store(c, name, right);
  }
  bool more = take(c, "++");
  if (!more && !take(c, "--")) return value_of(c, name);
  long long value = value_of(c, name);
  store(c, name, more ? wrapped((unsigned long long)value + 1) : wrapped((unsigned long long)value - 1));
  return value;
}

static long long primary(struct calculation *c) {
  if (take(c, "(")) {
    long long value = comma(c);
    return take(c, ")") ? value : fail(c, "expecting ')'");
  }
  char *name = take_variable(c);
  if (name != NULL) return variable(c, name);
  if (isdigit((unsigned char)*c->at)) return number(c);
  return fail(c, *c->at == '\0' ? "expecting primary" : "syntax error");
}

// ++x and --x; where no name follows, the signs of + +5.
static bool prefixed(struct calculation *c, long long *value) {
  const char *at = c->at;
  bool more = take(c, "++");
  if (!more && !take(c, "--")) return false;
  char *name = take_variable(c);
  if (name == NULL) {
    c->at = at;
    return false;
  }
  unsigned long long old = (unsigned long long)value_of(c, name);
  *value = store(c, name, wrapped(more ? old + 1 : old - 1));
  return true;
}

static long long unary(struct calculation *c) {
  long long value = 0;
  if (c->failed) return 0;
  if (c->depth >= DEEPEST) return fail(c, "nested too deeply");
  c->depth += 1;
  if (prefixed(c, &value)) {
    c->depth -= 1;
    return value;
  }
  if (take(c, "+")) value = unary(c);
  else if (take(c, "-")) value = wrapped(0 - (unsigned long long)unary(c));
  else if (take(c, "~")) value = ~unary(c);
  else if (take(c, "!")) value = !unary(c);
  else value = primary(c);
  c->depth -= 1;
  return value;
}

static const struct binary *peek_binary(struct calculation *c) {
  skip_blanks(c);
  for (size_t i = 0; i < sizeof binaries / sizeof *binaries; i += 1) {
    if (*c->at != binaries[i].text[0]) continue;
    size_t length = strlen(binaries[i].text);
    if (strncmp(c->at, binaries[i].text, length) != 0) continue;
    // x |= 1 where x is no variable: an error that the caller sees.
    bool compares = length == 2 && binaries[i].text[1] == '=';
    if (c->at[length] == '=' && !compares) return NULL;
    return &binaries[i];
  }
  return NULL;
}

static long long binary(struct calculation *c, int least) {
  long long left = unary(c);
  while (!c->failed) {
    const struct binary *operator = peek_binary(c);
    if (operator == NULL || operator->precedence < least) break;
    c->at += strlen(operator->text);
    bool is_or = operator->precedence == 1, is_and = operator->precedence == 2;
    bool decided = (is_or && left != 0) || (is_and && left == 0);
    c->skipped += decided;
    long long right = binary(c, operator->precedence + 1);
    c->skipped -= decided;
    if (is_or || is_and) left = is_or ? left != 0 || right != 0 : left != 0 && right != 0;
    else left = apply(c, operator->text, left, right);
  }
  return left;
}

static long long assignment(struct calculation *c) {
  if (c->failed || c->depth >= DEEPEST) return fail(c, "nested too deeply");
  c->depth += 1;
  long long value = binary(c, 1);
  if (!c->failed && take(c, "?")) {
    bool condition = value != 0;
    c->skipped += !condition;
    long long first = comma(c);
    c->skipped -= !condition;
    if (!take(c, ":")) fail(c, "expecting ':'");
    c->skipped += condition;
    long long second = assignment(c);
    c->skipped -= condition;
    value = condition ? first : second;
  }
  c->depth -= 1;
  return value;
}

static long long comma(struct calculation *c) {
  long long value = assignment(c);
  while (!c->failed && take(c, ",")) value = assignment(c);
  return value;
}

bool arithmetic(const char *text, long long *value) {
  struct calculation c = {.text = text, .at = text};
  skip_blanks(&c);
  *value = 0;
  // $(( )) is 0.
  if (*c.at == '\0') return true;
  *value = comma(&c);
  skip_blanks(&c);
  if (!c.failed && *c.at != '\0') fail(&c, "syntax error");
  return !c.failed;
}
