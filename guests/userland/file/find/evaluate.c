#include "find.h"

bool evaluate_find(const struct node *node, struct visit *visit) {
  switch (node->kind) {
    case KIND_NOT: return !evaluate_find(node->left, visit);
    case KIND_AND: return evaluate_find(node->left, visit) && !find_search.quit && evaluate_find(node->right, visit);
    case KIND_OR: return evaluate_find(node->left, visit) || (!find_search.quit && evaluate_find(node->right, visit));
    case KIND_COMMA:
      evaluate_find(node->left, visit);
      return !find_search.quit && evaluate_find(node->right, visit);
    default: return node->test(node, visit);
  }
}
