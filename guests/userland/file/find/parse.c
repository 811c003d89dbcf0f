// The expression as a tree. Binding, from tight to loose: !, and, -o, the comma.
#include <stdlib.h>
#include <string.h>

#include "find.h"
#include "lib/memory.h"
#include "lib/message.h"
#include "lib/number.h"

// Deeper than this is a mistake, or an attack on the stack.
enum { MOST_NESTING = 1000 };

static char **next_word;
static bool acts;
static int nesting;

static struct node *parse_comma(void);

static struct node *make(enum kind kind, struct node *left, struct node *right) {
  struct node *node = must_alloc(sizeof *node);
  memset(node, 0, sizeof *node);
  node->kind = kind;
  node->left = left;
  node->right = right;
  return node;
}

static bool always(const struct node *node, struct visit *visit) {
  (void)node;
  (void)visit;
  return true;
}

static struct node *make_true(void) {
  struct node *node = make(KIND_TEST, NULL, NULL);
  node->test = always;
  return node;
}

static bool at(const char *word) { return *next_word != NULL && strcmp(*next_word, word) == 0; }

static bool accept(const char *word, const char *other) {
  if (!at(word) && !(other != NULL && at(other))) return false;
  next_word += 1;
  return true;
}

static const struct primary *find_primary(const char *name) {
  const struct primary *tables[] = {test_primaries, time_primaries, action_primaries};
  for (size_t table = 0; table < sizeof tables / sizeof *tables; table += 1) {
    for (const struct primary *primary = tables[table]; primary->name != NULL; primary += 1) {
      if (strcmp(primary->name, name) == 0) return primary;
    }
  }
  return NULL;
}

// -maxdepth and its like: true wherever they stand, and true for the whole search.
static bool parse_setting(const char *name, bool *good) {
  *good = true;
  if (strcmp(name, "-maxdepth") == 0 || strcmp(name, "-mindepth") == 0) {
    int64_t *bound = name[2] == 'a' ? &find_search.most : &find_search.least;
    *good = *next_word != NULL && parse_number(*next_word, INT32_MAX, bound);
    if (*good) next_word += 1;
    else message("invalid argument to %s", name);
  } else if (strcmp(name, "-depth") == 0 || strcmp(name, "-d") == 0) {
    find_search.depth_first = true;
  } else if (strcmp(name, "-xdev") == 0 || strcmp(name, "-mount") == 0) {
    find_search.one_device = true;
  } else if (strcmp(name, "-follow") == 0) {
    find_search.follow = true;
  } else {
    return strcmp(name, "-noleaf") == 0 || strcmp(name, "-nowarn") == 0 || strcmp(name, "-warn") == 0;
  }
  return true;
}

// The words of -exec up to ; or {} +
static bool parse_command(struct node *node, const char *name) {
  char **start = next_word;
  while (*next_word != NULL && strcmp(*next_word, ";") != 0) {
    bool batch = strcmp(*next_word, "+") == 0 && next_word > start && strcmp(next_word[-1], "{}") == 0;
    if (batch) break;
    next_word += 1;
  }
  if (*next_word == NULL || next_word == start) {
    message("missing argument to '%s'", name);
    return false;
  }
  struct command *command = &node->command;
  command->argv = start;
  command->batch = strcmp(*next_word, "+") == 0;
  command->argc = (int)(next_word - start);
  command->in_directory = strcmp(name, "-execdir") == 0 || strcmp(name, "-okdir") == 0;
  command->ask = name[1] == 'o';
  // A batch has a directory of its own for each file.
  if (command->in_directory && command->batch) command->batch = false;
  command->paths = must_alloc(sizeof *command->paths);
  *command->paths = (struct name_list){NULL, 0, 0};
  command->length = must_alloc(sizeof *command->length);
  *command->length = 0;
  next_word += 1;
  node->test = run_find_command;
  acts = true;
  return true;
}

static bool is_command(const char *name) {
  return strcmp(name, "-exec") == 0 || strcmp(name, "-execdir") == 0 || strcmp(name, "-ok") == 0 ||
         strcmp(name, "-okdir") == 0;
}

static bool parse_named(struct node *node, const char *name) {
  if (is_command(name)) return parse_command(node, name);
  const struct primary *primary = find_primary(name);
  if (primary == NULL) {
    message("unknown predicate '%s'", name);
    return false;
  }
  for (int index = 0; index < primary->arguments; index += 1) {
    if (next_word[index] != NULL) continue;
    message("missing argument to '%s'", name);
    return false;
  }
  node->test = primary->test;
  node->text = primary->arguments > 0 ? next_word[0] : NULL;
  if (primary->read != NULL && !primary->read(node, next_word)) {
    message("invalid argument '%s' to '%s'", next_word[0] == NULL ? "" : next_word[0], name);
    return false;
  }
  next_word += primary->arguments;
  acts |= primary->acts;
  return true;
}

static struct node *parse_group(void) {
  if (++nesting > MOST_NESTING) return message("expression is nested too deeply"), NULL;
  if (at(")")) return message("empty parentheses are not allowed"), NULL;
  struct node *inside = parse_comma();
  nesting -= 1;
  if (inside == NULL || accept(")", NULL)) return inside;
  message("there is no matching ')'");
  return NULL;
}

static struct node *parse_primary(void) {
  if (accept("(", NULL)) return parse_group();
  const char *name = *next_word;
  if (name == NULL || name[0] != '-') {
    if (name == NULL) message("an expression was expected");
    else message("paths must precede expression: '%s'", name);
    return NULL;
  }
  next_word += 1;
  bool good;
  if (parse_setting(name, &good)) return good ? make_true() : NULL;
  struct node *node = make(KIND_TEST, NULL, NULL);
  return parse_named(node, name) ? node : NULL;
}

static struct node *parse_not(void) {
  bool negated = false;
  while (accept("!", "-not")) negated = !negated;
  struct node *node = parse_primary();
  return node == NULL || !negated ? node : make(KIND_NOT, node, NULL);
}

static bool ends_and(void) { return *next_word == NULL || at("-o") || at("-or") || at(",") || at(")"); }

static struct node *parse_and(void) {
  struct node *left = parse_not();
  while (left != NULL && !ends_and()) {
    accept("-a", "-and");
    struct node *right = parse_not();
    left = right == NULL ? NULL : make(KIND_AND, left, right);
  }
  return left;
}

static struct node *parse_or(void) {
  struct node *left = parse_and();
  while (left != NULL && accept("-o", "-or")) {
    struct node *right = parse_and();
    left = right == NULL ? NULL : make(KIND_OR, left, right);
  }
  return left;
}

static struct node *parse_comma(void) {
  struct node *left = parse_or();
  while (left != NULL && accept(",", NULL)) {
    struct node *right = parse_or();
    left = right == NULL ? NULL : make(KIND_COMMA, left, right);
  }
  return left;
}

static struct node *make_print(void) {
  struct node *node = make(KIND_TEST, NULL, NULL);
  node->test = find_primary("-print")->test;
  return node;
}

struct node *parse_find(char **words) {
  next_word = words;
  if (*next_word == NULL) return make_print();
  struct node *node = parse_comma();
  if (node == NULL) return NULL;
  if (*next_word != NULL) {
    message("unexpected '%s'", *next_word);
    return NULL;
  }
  return acts ? node : make(KIND_AND, node, make_print());
}
