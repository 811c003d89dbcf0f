// A B-tree in memory: binary search in small sorted arrays, moving their halves when they are full,
// look-ups, walks in order over a range.
#include "kernel.h"

#define DEGREE 8
#define MOST (2 * DEGREE - 1)
#define KEYS 3000

typedef struct Node {
  int count, is_leaf;
  uint32_t keys[MOST], values[MOST];
  struct Node *children[MOST + 1];
} Node;

static Node *root;

static Node *make_node(int is_leaf) {
  Node *node = calloc(1, sizeof *node);
  node->is_leaf = is_leaf;
  return node;
}

/** The first key that is not smaller. */
static inline int place_of(const Node *node, uint32_t key) {
  int low = 0, high = node->count;
  while (low < high) {
    int middle = (low + high) / 2;
    if (node->keys[middle] < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

static void put(Node *node, int at, uint32_t key, uint32_t value) {
  size_t behind = (size_t)(node->count - at);
  memmove(node->keys + at + 1, node->keys + at, behind * sizeof *node->keys);
  memmove(node->values + at + 1, node->values + at, behind * sizeof *node->values);
  node->keys[at] = key;
  node->values[at] = value;
  node->count++;
}

/** The full child's upper half becomes its neighbour, and the key between them the parent's. */
static NOINLINE void split(Node *parent, int at) {
  Node *left = parent->children[at], *right = make_node(left->is_leaf);
  left->count = right->count = DEGREE - 1;
  memcpy(right->keys, left->keys + DEGREE, (DEGREE - 1) * sizeof *left->keys);
  memcpy(right->values, left->values + DEGREE, (DEGREE - 1) * sizeof *left->values);
  memcpy(right->children, left->children + DEGREE, DEGREE * sizeof *left->children);
  for (int i = parent->count; i > at; i--) parent->children[i + 1] = parent->children[i];
  parent->children[at + 1] = right;
  put(parent, at, left->keys[DEGREE - 1], left->values[DEGREE - 1]);
}

static NOINLINE void insert(uint32_t key, uint32_t value) {
  if (root->count == MOST) {
    Node *above = make_node(0);
    above->children[0] = root;
    root = above;
    split(root, 0);
  }
  for (Node *node = root;;) {
    int at = place_of(node, key);
    if (at < node->count && node->keys[at] == key) {
      node->values[at] += value;
      return;
    }
    if (node->is_leaf) return put(node, at, key, value);
    if (node->children[at]->count == MOST) {
      split(node, at);
    } else {
      node = node->children[at];
    }
  }
}

static NOINLINE const uint32_t *find(uint32_t key) {
  for (const Node *node = root;;) {
    int at = place_of(node, key);
    if (at < node->count && node->keys[at] == key) return &node->values[at];
    if (node->is_leaf) return 0;
    node = node->children[at];
  }
}

static NOINLINE uint32_t walk(const Node *node, uint32_t from, uint32_t to, uint32_t sum) {
  int at = place_of(node, from);
  for (;; at++) {
    if (!node->is_leaf) sum = walk(node->children[at], from, to, sum);
    if (at == node->count || node->keys[at] >= to) return sum;
    sum = mix(sum, node->keys[at] ^ node->values[at]);
  }
}

static NOINLINE void release(Node *node) {
  for (int i = 0; !node->is_leaf && i <= node->count; i++) release(node->children[i]);
  free(node);
}

uint32_t run(int n) {
  uint32_t sum = 0;
  for (int round = 0; round < n; round++) {
    seed = (uint32_t)round + 121;
    root = make_node(1);
    for (uint32_t i = 0; i < KEYS; i++) insert(next_random() % 8000, i);
    for (uint32_t i = 0; i < KEYS; i++) {
      const uint32_t *value = find(next_random() % 8000);
      sum = value ? mix(sum, *value) : sum + 1;
    }
    for (uint32_t from = 0; from < 8000; from += 500) sum = walk(root, from, from + 600, sum);
    release(root);
  }
  return sum;
}
