// Builds, walks and frees binary trees: malloc and free of small blocks, recursion by two.
#include "kernel.h"

typedef struct Tree {
  struct Tree *left, *right;
} Tree;

static NOINLINE Tree *build(int depth) {
  Tree *tree = malloc(sizeof *tree);
  tree->left = depth > 0 ? build(depth - 1) : 0;
  tree->right = depth > 0 ? build(depth - 1) : 0;
  return tree;
}

static NOINLINE int count(const Tree *tree) {
  return tree->left ? 1 + count(tree->left) + count(tree->right) : 1;
}

static NOINLINE void release(Tree *tree) {
  if (tree->left) {
    release(tree->left);
    release(tree->right);
  }
  free(tree);
}

uint32_t run(int n) {
  uint32_t sum = 0;
  Tree *kept = build(10);
  for (int round = 0; round < n; round++) {
    for (int depth = 2; depth <= 10; depth += 2) {
      for (int i = 0; i < 1 << (10 - depth); i++) {
        Tree *tree = build(depth);
        sum = mix(sum, (uint32_t)count(tree));
        release(tree);
      }
    }
  }
  sum = mix(sum, (uint32_t)count(kept));
  release(kept);
  return sum;
}
