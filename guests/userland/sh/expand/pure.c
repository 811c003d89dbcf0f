// Which bodies of $(…) run in the shell itself: those of builtins that do nothing but print and change variables
// (which are put back). Everything else needs a process.
#include <string.h>

#include "sh/builtin/builtins.h"
#include "sh/expand/substitute.h"
#include "sh/vars/function.h"

struct look {
  int depth;
  int seen;
  bool moves;
};

// Functions that call one another have no end.
enum { DEEPEST = 30, MOST_SEEN = 500 };

static bool is_pure_node(const struct node *node, struct look *look);

// Only errors may go elsewhere: what is printed is collected, not written.
static bool redirects_are_pure(const struct redirect *redirect) {
  for (; redirect != NULL; redirect = redirect->next) {
    if (redirect->fd != 2) return false;
    if (redirect->kind != REDIRECT_WRITE && redirect->kind != REDIRECT_APPEND) return false;
  }
  return true;
}

static bool only_asks(const struct word *arguments) {
  const char *first = arguments == NULL ? NULL : plain_text(arguments->parts);
  return first != NULL && (strcmp(first, "-v") == 0 || strcmp(first, "-V") == 0);
}

static bool is_pure_name(const char *name, const struct word *arguments, struct look *look) {
  const struct builtin *builtin = builtin_find(name);
  bool special = builtin != NULL && (builtin->flags & BUILTIN_SPECIAL) != 0;
  const struct function *function = special ? NULL : function_find(name);
  if (function != NULL) return function->node->second != NULL && is_pure_node(function->node->second, look);
  if (builtin == NULL) return false;
  if (strcmp(name, "command") == 0) return only_asks(arguments);
  if (strcmp(name, "cd") == 0) look->moves = true;
  if ((builtin->flags & BUILTIN_PURE) != 0) return true;
  return (builtin->flags & BUILTIN_PURE_BARE) != 0 && arguments == NULL;
}

static bool is_pure_simple(const struct node *node, struct look *look) {
  if (!redirects_are_pure(node->redirects)) return false;
  if (node->words == NULL) return node->redirects == NULL;
  const char *name = plain_text(node->words->parts);
  return name != NULL && is_pure_name(name, node->words->next, look);
}

static bool is_pure_case(const struct node *node, struct look *look) {
  for (const struct case_item *item = node->items; item != NULL; item = item->next) {
    if (item->body != NULL && !is_pure_node(item->body, look)) return false;
  }
  return true;
}

static bool is_pure_kind(const struct node *node, struct look *look) {
  switch (node->kind) {
    case NODE_SIMPLE: return is_pure_simple(node, look);
    case NODE_SEQUENCE:
      for (const struct node *item = node->first; item != NULL; item = item->next) {
        if (!is_pure_node(item, look)) return false;
      }
      return true;
    case NODE_NOT:
    case NODE_AND:
    case NODE_OR:
    case NODE_GROUP:
    case NODE_IF:
    case NODE_WHILE:
    case NODE_UNTIL:
    case NODE_FOR:
      return (node->first == NULL || is_pure_node(node->first, look)) &&
             (node->second == NULL || is_pure_node(node->second, look)) &&
             (node->third == NULL || is_pure_node(node->third, look));
    case NODE_CASE: return is_pure_case(node, look);
    default: return false;
  }
}

static bool is_pure_node(const struct node *node, struct look *look) {
  look->seen += 1;
  if (look->depth >= DEEPEST || look->seen > MOST_SEEN) return false;
  if (node->kind != NODE_SIMPLE && node->redirects != NULL) return false;
  look->depth += 1;
  bool pure = is_pure_kind(node, look);
  look->depth -= 1;
  return pure;
}

bool is_pure(const struct node *body, bool *moves) {
  struct look look = {0};
  bool pure = is_pure_node(body, &look);
  *moves = look.moves;
  return pure;
}
