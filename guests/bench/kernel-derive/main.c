// Derives expressions and simplifies what comes out, as a computer algebra program does: trees of
// tagged unions, a malloc for each node, recursion by kind, copies and comparisons of whole
// branches.
#include "kernel.h"

typedef enum { CONSTANT, VARIABLE, NEGATE, SINE, COSINE, ADD, MULTIPLY, POWER } Kind;

typedef struct Node {
  Kind kind;
  union {
    int32_t value;
    char name;
    struct Node *inner;
    struct {
      struct Node *left, *right;
    };
  };
} Node;

static int made;

static Node *node(Kind kind) {
  Node *at = malloc(sizeof *at);
  at->kind = kind;
  made++;
  return at;
}

static Node *constant(int32_t value) {
  Node *at = node(CONSTANT);
  at->value = value;
  return at;
}

static Node *one(Kind kind, Node *inner) {
  Node *at = node(kind);
  at->inner = inner;
  return at;
}

static Node *two(Kind kind, Node *left, Node *right) {
  Node *at = node(kind);
  at->left = left;
  at->right = right;
  return at;
}

static inline int is_pair(const Node *at) {
  return at->kind >= ADD;
}

static inline int is_value(const Node *at, int32_t value) {
  return at->kind == CONSTANT && at->value == value;
}

static NOINLINE Node *copy(const Node *at) {
  if (is_pair(at)) return two(at->kind, copy(at->left), copy(at->right));
  if (at->kind >= NEGATE) return one(at->kind, copy(at->inner));
  Node *leaf = node(at->kind);
  *leaf = *at;
  return leaf;
}

static NOINLINE void release(Node *at) {
  if (is_pair(at)) {
    release(at->left);
    release(at->right);
  } else if (at->kind >= NEGATE) {
    release(at->inner);
  }
  free(at);
}

static NOINLINE int is_equal(const Node *a, const Node *b) {
  if (a->kind != b->kind) return 0;
  if (is_pair(a)) return is_equal(a->left, b->left) && is_equal(a->right, b->right);
  if (a->kind >= NEGATE) return is_equal(a->inner, b->inner);
  return a->kind == CONSTANT ? a->value == b->value : a->name == b->name;
}

static NOINLINE Node *derive(const Node *at, char name) {
  switch (at->kind) {
    case CONSTANT: return constant(0);
    case VARIABLE: return constant(at->name == name);
    case NEGATE: return one(NEGATE, derive(at->inner, name));
    case SINE: return two(MULTIPLY, one(COSINE, copy(at->inner)), derive(at->inner, name));
    case COSINE:
      return two(MULTIPLY, one(NEGATE, one(SINE, copy(at->inner))), derive(at->inner, name));
    case ADD: return two(ADD, derive(at->left, name), derive(at->right, name));
    case MULTIPLY:
      return two(ADD, two(MULTIPLY, derive(at->left, name), copy(at->right)),
                 two(MULTIPLY, copy(at->left), derive(at->right, name)));
    case POWER: break;
  }
  // The exponent is a constant.
  Node *lower = two(POWER, copy(at->left), constant(at->right->value - 1));
  return two(MULTIPLY, two(MULTIPLY, constant(at->right->value), lower), derive(at->left, name));
}

/** Frees a node and what is below it but one branch, and answers that. */
static Node *keep(Node *at, Node *kept) {
  if (is_pair(at)) release(at->left == kept ? at->right : at->left);
  free(at);
  return kept;
}

static Node *replace(Node *at, Node *by) {
  release(at);
  return by;
}

static Node *simplify_pair(Node *at) {
  Node *left = at->left, *right = at->right;
  if (left->kind == CONSTANT && right->kind == CONSTANT && at->kind != POWER) {
    uint32_t a = (uint32_t)left->value, b = (uint32_t)right->value;
    return replace(at, constant((int32_t)(at->kind == ADD ? a + b : a * b)));
  }
  if (at->kind == POWER) {
    if (is_value(right, 0)) return replace(at, constant(1));
    return is_value(right, 1) ? keep(at, left) : at;
  }
  int32_t neutral = at->kind == MULTIPLY;
  if (is_value(left, neutral)) return keep(at, right);
  if (is_value(right, neutral)) return keep(at, left);
  if (at->kind == ADD) {
    if (!is_equal(left, right)) return at;
    return two(MULTIPLY, constant(2), keep(at, left));
  }
  if (is_value(left, 0) || is_value(right, 0)) return replace(at, constant(0));
  // Constants to the front, where they meet others.
  if (right->kind == CONSTANT) {
    at->left = right;
    at->right = left;
  }
  return at;
}

static NOINLINE Node *simplify(Node *at) {
  if (is_pair(at)) {
    at->left = simplify(at->left);
    at->right = simplify(at->right);
    return simplify_pair(at);
  }
  if (at->kind < NEGATE) return at;
  Node *inner = at->inner = simplify(at->inner);
  if (at->kind != NEGATE || inner->kind > NEGATE || inner->kind == VARIABLE) return at;
  free(at);
  if (inner->kind == NEGATE) return keep(inner, inner->inner);
  inner->value = (int32_t)(0 - (uint32_t)inner->value);
  return inner;
}

static NOINLINE uint32_t sum_of(const Node *at) {
  if (is_pair(at)) return mix(mix((uint32_t)at->kind, sum_of(at->left)), sum_of(at->right));
  if (at->kind >= NEGATE) return mix((uint32_t)at->kind, sum_of(at->inner));
  return mix((uint32_t)at->kind, at->kind == CONSTANT ? (uint32_t)at->value : (uint32_t)at->name);
}

static Node *random_tree(int depth) {
  uint32_t draw = next_random() % 8;
  if (depth == 0 || draw == 0) {
    Node *leaf = node(next_random() % 3 == 0 ? CONSTANT : VARIABLE);
    if (leaf->kind == CONSTANT) leaf->value = (int32_t)(next_random() % 4);
    else leaf->name = (char)('x' + next_random() % 3);
    return leaf;
  }
  if (draw == 1) {
    Node *base = random_tree(depth - 1);
    return two(POWER, base, constant((int32_t)(2 + next_random() % 3)));
  }
  if (draw == 2) {
    Kind kind = (Kind)(NEGATE + next_random() % 3);
    return one(kind, random_tree(depth - 1));
  }
  Node *left = random_tree(depth - 1), *right = random_tree(depth - 1);
  return two(draw < 6 ? MULTIPLY : ADD, left, right);
}

uint32_t run(int n) {
  uint32_t sum = 0;
  seed = 239;
  made = 0;
  for (int round = 0; round < n; round++) {
    Node *tree = random_tree(6);
    for (int order = 0; order < 3; order++) {
      Node *derived = simplify(derive(tree, (char)('x' + (round + order) % 3)));
      release(tree);
      tree = derived;
      sum = mix(sum, sum_of(tree));
    }
    release(tree);
  }
  return mix(sum, (uint32_t)made);
}
