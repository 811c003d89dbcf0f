// expr: an expression, of words. Status 0 when it is neither empty nor 0, 1 when it is, 2 when it is none.
#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/memory.h"
#include "lib/message.h"
#include "lib/pattern.h"
#include "lib/writer.h"

// What an expression gave; an error is said once, and all that follows is of no meaning.
struct expr {
  char **words;
  bool failed;
  // Within what a | or a & does not need: it is read, not computed, for it may have no value.
  int idle;
  int depth;
};

enum { DEEPEST = 500 };

static char *any_of(struct expr *expr, int level);

static void fail(struct expr *expr, const char *why) {
  if (!expr->failed) message("%s", why);
  expr->failed = true;
}

static char *from_number(int64_t number) { return must_format("%lld", (long long)number); }

static bool to_number(const char *text, int64_t *number) {
  const char *digits = *text == '-' ? text + 1 : text;
  bool negative = *text == '-';
  if (*digits == '\0') return false;
  *number = 0;
  for (; *digits != '\0'; digits += 1) {
    if (!isdigit((unsigned char)*digits)) return false;
    int digit = negative ? '0' - *digits : *digits - '0';
    if (__builtin_mul_overflow(*number, 10, number) || __builtin_add_overflow(*number, digit, number)) return false;
  }
  return true;
}

static bool is_null(const char *text) {
  if (*text == '\0') return true;
  if (*text == '-') text += 1;
  size_t zeros = strspn(text, "0");
  return zeros > 0 && text[zeros] == '\0';
}

static bool take(struct expr *expr, const char *word) {
  if (*expr->words == NULL || strcmp(*expr->words, word) != 0) return false;
  expr->words += 1;
  return true;
}

// The match from the start: the group's text if there is a group, else the length.
static char *match(struct expr *expr, const char *text, const char *pattern_text) {
  const char *why = "";
  struct span spans[2];
  struct pattern *pattern = pattern_new(pattern_text, strlen(pattern_text), 0, &why);
  if (pattern == NULL) {
    fail(expr, why);
    return must_copy("");
  }
  // The leftmost match is at the start, or there is none there.
  bool found = pattern_find(pattern, text, strlen(text), 0, spans, 2) && spans[0].start == 0;
  bool group = pattern_groups(pattern) > 0;
  pattern_free(pattern);
  if (group) {
    if (!found || spans[1].start < 0) return must_copy("");
    return must_copy_part(text + spans[1].start, (size_t)(spans[1].end - spans[1].start));
  }
  return from_number(found ? spans[0].end - spans[0].start : 0);
}

static char *operand(struct expr *expr);

static char *substring(struct expr *expr) {
  char *text = operand(expr);
  char *from = operand(expr);
  char *count = operand(expr);
  int64_t start;
  int64_t length;
  int64_t size = (int64_t)strlen(text);
  bool good = to_number(from, &start) && to_number(count, &length) && start > 0 && length > 0 && start <= size;
  if (good && length > size - start + 1) length = size - start + 1;
  char *result = good ? must_copy_part(text + start - 1, (size_t)length) : must_copy("");
  free(text);
  free(from);
  free(count);
  return result;
}

// The operators that are words: match, substr, index, length, +.
static char *keyword(struct expr *expr) {
  if (take(expr, "substr")) return substring(expr);
  char *result = NULL;
  if (take(expr, "length")) {
    char *text = operand(expr);
    result = from_number((int64_t)strlen(text));
    free(text);
  } else if (take(expr, "match") || take(expr, "index")) {
    bool matches = strcmp(expr->words[-1], "match") == 0;
    char *text = operand(expr);
    char *other = operand(expr);
    size_t before = strcspn(text, other);
    result = matches ? match(expr, text, other) : from_number(text[before] == '\0' ? 0 : (int64_t)before + 1);
    free(text);
    free(other);
  }
  return result;
}

static char *word(struct expr *expr) {
  if (expr->failed || *expr->words == NULL) {
    fail(expr, "syntax error: missing argument");
    return must_copy("");
  }
  if (take(expr, "(")) {
    char *value = any_of(expr, 0);
    if (!take(expr, ")")) fail(expr, "syntax error: expecting ')'");
    return value;
  }
  if (strcmp(*expr->words, ")") == 0) fail(expr, "syntax error: unexpected ')'");
  // A word behind + is itself, whatever it means.
  if (strcmp(*expr->words, "+") == 0 && expr->words[1] != NULL) expr->words += 1;
  else {
    char *value = keyword(expr);
    if (value != NULL) return value;
  }
  return must_copy(*expr->words++);
}

static char *operand(struct expr *expr) {
  if (++expr->depth > DEEPEST) fail(expr, "expression nested too deeply");
  char *value = word(expr);
  expr->depth -= 1;
  return value;
}

static char *arithmetic(struct expr *expr, const char *one, char operator, const char *other) {
  int64_t left;
  int64_t right;
  int64_t result = 0;
  if (!to_number(one, &left) || !to_number(other, &right)) {
    fail(expr, "non-integer argument");
    return must_copy("");
  }
  bool divides = operator == '/' || operator == '%';
  if (divides && right == 0) fail(expr, "division by zero");
  else if (operator == '%') result = right == -1 ? 0 : left % right;
  else if (operator == '+' ? __builtin_add_overflow(left, right, &result)
           : operator == '-' ? __builtin_sub_overflow(left, right, &result)
           : operator == '*' ? __builtin_mul_overflow(left, right, &result)
                             : left == INT64_MIN && right == -1) fail(expr, "integer result too large");
  else if (operator == '/') result = left / right;
  return from_number(result);
}

static char *compare(const char *one, const char *operator, const char *other) {
  int64_t left;
  int64_t right;
  int order = strcmp(one, other);
  if (to_number(one, &left) && to_number(other, &right)) order = left < right ? -1 : left > right;
  bool equal_too = operator[1] == '=' || *operator == '=';
  bool result = order == 0 ? equal_too && *operator != '!' : *operator == '!' ||
                (order < 0 ? *operator == '<' : *operator == '>');
  return must_copy(result ? "1" : "0");
}

// From the weakest to the strongest.
static const char *const LEVELS[][7] = {{"|", NULL},
                                        {"&", NULL},
                                        {"=", "==", "!=", "<", "<=", ">", ">="},
                                        {"+", "-", NULL},
                                        {"*", "/", "%", NULL},
                                        {":", NULL}};
enum { STRONGEST = 6 };

static const char *take_operator(struct expr *expr, int level) {
  for (int index = 0; index < 7 && LEVELS[level][index] != NULL; index += 1) {
    if (take(expr, LEVELS[level][index])) return LEVELS[level][index];
  }
  return NULL;
}

static char *apply(struct expr *expr, int level, const char *one, const char *operator, const char *other) {
  switch (level) {
    case 0: return must_copy(!is_null(one) ? one : !is_null(other) ? other : "0");
    case 1: return must_copy(!is_null(one) && !is_null(other) ? one : "0");
    case 2: return compare(one, operator, other);
    case 5: return match(expr, one, other);
    default: return arithmetic(expr, one, *operator, other);
  }
}

static char *any_of(struct expr *expr, int level) {
  if (level == STRONGEST) return operand(expr);
  char *value = any_of(expr, level + 1);
  const char *operator;
  while (!expr->failed && (operator = take_operator(expr, level)) != NULL) {
    int skips = level == 0 ? !is_null(value) : level == 1 && is_null(value);
    expr->idle += skips;
    char *other = any_of(expr, level + 1);
    expr->idle -= skips;
    bool computes = !expr->failed && expr->idle == 0;
    char *result = computes ? apply(expr, level, value, operator, other) : must_copy("");
    free(value);
    free(other);
    value = result;
  }
  return value;
}

int expr_main(int argc, char **argv) {
  struct expr expr = {.words = argv + 1};
  if (argc == 2 && strcmp(argv[1], "--help") == 0) {
    writer_text(&out, "usage: expr EXPRESSION\n");
    return writer_finish(0);
  }
  if (argc > 1 && strcmp(argv[1], "--") == 0) expr.words += 1;
  failure_status = 3;
  char *value = any_of(&expr, 0);
  if (!expr.failed && *expr.words != NULL) fail(&expr, "syntax error: unexpected argument");
  int status = expr.failed ? 2 : is_null(value) ? 1 : 0;
  if (!expr.failed) writer_format(&out, "%s\n", value);
  free(value);
  return writer_finish(status);
}
