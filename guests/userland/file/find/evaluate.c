#include "find.h"

bool evaluate(const struct node *node, struct visit *visit) {
  switch (node->kind) {
    case KIND_NOT: return !evaluate(node->left, visit);
    case KIND_AND: return evaluate(node->left, visit) && !search.quit && evaluate(node->right, visit);
    case KIND_OR: return evaluate(node->left, visit) || (!search.quit && evaluate(node->right, visit));
    case KIND_COMMA:
      evaluate(node->left, visit);
      return !search.quit && evaluate(node->right, visit);
    default: return node->test(node, visit);
  }
}
