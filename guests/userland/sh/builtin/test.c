// test and [: by the number of arguments as POSIX has it, and with -a, -o and parentheses.
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/message.h"
#include "sh/builtin/builtins.h"

struct reader {
  char **args;
  int count;
  int at;
  int depth;
  bool failed;
};

enum { DEEPEST = 100 };

static bool fail(struct reader *r, const char *what, const char *why) {
  if (!r->failed) message("%s: %s", what, why);
  r->failed = true;
  return false;
}

static bool is_file(const char *path, mode_t type) {
  struct stat status;
  return stat(path, &status) == 0 && (status.st_mode & S_IFMT) == type;
}

static bool has_mode(const char *path, mode_t bits) {
  struct stat status;
  return stat(path, &status) == 0 && (status.st_mode & bits) != 0;
}

static bool is_link(const char *path) {
  struct stat status;
  return lstat(path, &status) == 0 && S_ISLNK(status.st_mode);
}

static bool is_owned(const char *path, bool by_group) {
  struct stat status;
  if (stat(path, &status) < 0) return false;
  return by_group ? status.st_gid == getegid() : status.st_uid == geteuid();
}

static long long number(struct reader *r, const char *text) {
  char *end;
  errno = 0;
  long long value = strtoll(text, &end, 10);
  bool empty = end == text;
  while (isspace((unsigned char)*end)) end += 1;
  if (empty || *end != '\0') fail(r, text, "Illegal number");
  else if (errno == ERANGE) fail(r, text, "Number out of range");
  return value;
}

static bool is_size(const char *path) {
  struct stat status;
  return stat(path, &status) == 0 && status.st_size > 0;
}

static bool exists(const char *path) {
  struct stat status;
  return stat(path, &status) == 0;
}

static const char *const UNARY = "bcdefghknprstuwxzGLNOS";

static bool is_unary(const char *text) {
  return text[0] == '-' && text[1] != '\0' && text[2] == '\0' && strchr(UNARY, text[1]) != NULL;
}

static bool unary(struct reader *r, char operator, const char *operand) {
  switch (operator) {
    case 'b': return is_file(operand, S_IFBLK);
    case 'c': return is_file(operand, S_IFCHR);
    case 'd': return is_file(operand, S_IFDIR);
    case 'e': return exists(operand);
    case 'f': return is_file(operand, S_IFREG);
    case 'g': return has_mode(operand, S_ISGID);
    case 'h':
    case 'L': return is_link(operand);
    case 'k': return has_mode(operand, 01000);
    case 'n': return *operand != '\0';
    case 'p': return is_file(operand, S_IFIFO);
    case 'r': return access(operand, R_OK) == 0;
    case 's': return is_size(operand);
    case 'S': return is_file(operand, S_IFSOCK);
    case 't': return isatty((int)number(r, operand)) == 1;
    case 'u': return has_mode(operand, S_ISUID);
    case 'w': return access(operand, W_OK) == 0;
    case 'x': return access(operand, X_OK) == 0;
    case 'z': return *operand == '\0';
    case 'G': return is_owned(operand, true);
    case 'O': return is_owned(operand, false);
    default: return false;
  }
}

enum comparison { EQUAL, DIFFERENT, BEFORE, AFTER, EQ, NE, GT, GE, LT, LE, NEWER, OLDER, SAME, NOT_BINARY };

static enum comparison binary_of(const char *text) {
  static const char *const names[] = {
    [EQUAL] = "=", [DIFFERENT] = "!=", [BEFORE] = "<", [AFTER] = ">",   [EQ] = "-eq",    [NE] = "-ne",    [GT] = "-gt",
    [GE] = "-ge",  [LT] = "-lt",       [LE] = "-le",   [NEWER] = "-nt", [OLDER] = "-ot", [SAME] = "-ef",
  };
  if (strcmp(text, "==") == 0) return EQUAL;
  for (int i = 0; i < NOT_BINARY; i += 1) {
    if (*names[i] == *text && strcmp(names[i], text) == 0) return (enum comparison)i;
  }
  return NOT_BINARY;
}

static bool compare_numbers(struct reader *r, const char *left, enum comparison how, const char *right) {
  long long a = number(r, left), b = number(r, right);
  switch (how) {
    case EQ: return a == b;
    case NE: return a != b;
    case GT: return a > b;
    case GE: return a >= b;
    case LT: return a < b;
    default: return a <= b;
  }
}

static bool is_newer(const struct stat *a, const struct stat *b) {
  if (a->st_mtim.tv_sec != b->st_mtim.tv_sec) return a->st_mtim.tv_sec > b->st_mtim.tv_sec;
  return a->st_mtim.tv_nsec > b->st_mtim.tv_nsec;
}

static bool compare_files(const char *left, enum comparison how, const char *right) {
  struct stat a, b;
  bool has_a = stat(left, &a) == 0, has_b = stat(right, &b) == 0;
  if (how == SAME) return has_a && has_b && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
  // What is there is newer than what is not.
  if (how == NEWER) return has_a && (!has_b || is_newer(&a, &b));
  return has_b && (!has_a || is_newer(&b, &a));
}

static bool binary(struct reader *r, const char *left, enum comparison how, const char *right) {
  switch (how) {
    case EQUAL: return strcmp(left, right) == 0;
    case DIFFERENT: return strcmp(left, right) != 0;
    case BEFORE: return strcmp(left, right) < 0;
    case AFTER: return strcmp(left, right) > 0;
    case NEWER:
    case OLDER:
    case SAME: return compare_files(left, how, right);
    default: return compare_numbers(r, left, how, right);
  }
}

static bool either(struct reader *r);

static const char *peek(const struct reader *r, int ahead) {
  return r->at + ahead < r->count ? r->args[r->at + ahead] : NULL;
}

static bool primary(struct reader *r) {
  const char *first = peek(r, 0), *second = peek(r, 1), *third = peek(r, 2);
  if (first == NULL) return fail(r, "argument", "expected");
  enum comparison how = second == NULL || third == NULL ? NOT_BINARY : binary_of(second);
  if (how != NOT_BINARY) {
    r->at += 3;
    return binary(r, first, how, third);
  }
  if (strcmp(first, "(") == 0 && second != NULL) {
    r->at += 1;
    bool value = either(r);
    if (peek(r, 0) == NULL || strcmp(peek(r, 0), ")") != 0) return fail(r, "closing paren", "expected");
    r->at += 1;
    return value;
  }
  if (is_unary(first) && second != NULL) {
    r->at += 2;
    return unary(r, first[1], second);
  }
  r->at += 1;
  return *first != '\0';
}

static bool negation(struct reader *r) {
  bool negated = false;
  while (peek(r, 0) != NULL && strcmp(peek(r, 0), "!") == 0 && peek(r, 1) != NULL) {
    // ! = x compares.
    if (peek(r, 2) != NULL && binary_of(peek(r, 1)) != NOT_BINARY) break;
    negated = !negated;
    r->at += 1;
  }
  return primary(r) != negated;
}

static bool both(struct reader *r) {
  bool value = negation(r);
  while (!r->failed && peek(r, 0) != NULL && strcmp(peek(r, 0), "-a") == 0) {
    r->at += 1;
    value = negation(r) && value;
  }
  return value;
}

static bool either(struct reader *r) {
  if (r->depth >= DEEPEST) return fail(r, "(", "nested too deeply");
  r->depth += 1;
  bool value = both(r);
  while (!r->failed && peek(r, 0) != NULL && strcmp(peek(r, 0), "-o") == 0) {
    r->at += 1;
    value = both(r) || value;
  }
  r->depth -= 1;
  return value;
}

// Up to four arguments their number decides what is an operator.
static bool evaluate(struct reader *r) {
  char **args = r->args;
  if (r->count == 0) return false;
  if (r->count == 1) return *args[0] != '\0';
  if (strcmp(args[0], "!") == 0 && r->count <= 4 && !(r->count == 3 && binary_of(args[1]) != NOT_BINARY)) {
    struct reader rest = {args + 1, r->count - 1, 0, r->depth, false};
    bool value = !evaluate(&rest);
    r->at = r->count;
    r->failed = rest.failed;
    return value;
  }
  if (r->count == 3 && binary_of(args[1]) != NOT_BINARY) {
    r->at = 3;
    return binary(r, args[0], binary_of(args[1]), args[2]);
  }
  if ((r->count == 3 || r->count == 4) && strcmp(args[0], "(") == 0 && strcmp(args[r->count - 1], ")") == 0) {
    struct reader inner = {args + 1, r->count - 2, 0, r->depth, false};
    bool value = evaluate(&inner);
    r->at = r->count;
    r->failed = inner.failed;
    return value;
  }
  return either(r);
}

int test_main(int argc, char **argv) {
  if (strcmp(argv[0], "[") == 0) {
    if (strcmp(argv[argc - 1], "]") != 0 || argc < 2) {
      message("missing ]");
      return 2;
    }
    argc -= 1;
  }
  struct reader r = {.args = argv + 1, .count = argc - 1};
  bool value = evaluate(&r);
  if (!r.failed && r.count > 1 && r.at < r.count) fail(&r, r.args[r.at], "unexpected operator");
  return r.failed ? 2 : value ? 0 : 1;
}
