#include <stdlib.h>
#include <string.h>

#include "flate.h"

// A tree that is made from its two rarest parts, again and again.
struct tree {
  uint32_t weight[2 * LITERALS];
  int16_t parent[2 * LITERALS];
  int16_t heap[LITERALS];
  int heap_size;
};

static bool is_lighter(const struct tree *tree, int left, int right) {
  return tree->weight[left] < tree->weight[right] || (tree->weight[left] == tree->weight[right] && left < right);
}

static void sink(struct tree *tree, int at) {
  for (;;) {
    int child = 2 * at + 1;
    if (child >= tree->heap_size) return;
    if (child + 1 < tree->heap_size && is_lighter(tree, tree->heap[child + 1], tree->heap[child])) child += 1;
    if (!is_lighter(tree, tree->heap[child], tree->heap[at])) return;
    int16_t node = tree->heap[at];
    tree->heap[at] = tree->heap[child];
    tree->heap[child] = node;
    at = child;
  }
}

static int take_lightest(struct tree *tree) {
  int node = tree->heap[0];
  tree->heap_size -= 1;
  tree->heap[0] = tree->heap[tree->heap_size];
  sink(tree, 0);
  return node;
}

// The lengths of the best code; the longest of them.
static int build(struct tree *tree, int count, uint8_t *lengths) {
  tree->heap_size = 0;
  for (int symbol = 0; symbol < count; symbol += 1) {
    if (tree->weight[symbol] > 0) tree->heap[tree->heap_size++] = (int16_t)symbol;
  }
  for (int at = tree->heap_size / 2; at >= 0; at -= 1) sink(tree, at);
  int next = count;
  while (tree->heap_size > 1) {
    int left = take_lightest(tree);
    int right = tree->heap[0];
    tree->weight[next] = tree->weight[left] + tree->weight[right];
    tree->parent[left] = tree->parent[right] = (int16_t)next;
    tree->heap[0] = (int16_t)next;
    sink(tree, 0);
    next += 1;
  }
  int longest = 0;
  for (int symbol = 0; symbol < count; symbol += 1) {
    int length = 0;
    if (tree->weight[symbol] > 0) for (int node = symbol; node != next - 1; node = tree->parent[node]) length += 1;
    lengths[symbol] = (uint8_t)length;
    if (length > longest) longest = length;
  }
  return longest;
}

void huffman_lengths(const uint32_t *frequencies, int count, int longest, uint8_t *lengths) {
  static struct tree tree;
  memcpy(tree.weight, frequencies, (size_t)count * sizeof *frequencies);
  int used = 0, only = 0;
  for (int symbol = 0; symbol < count; symbol += 1) {
    lengths[symbol] = 0;
    if (frequencies[symbol] > 0) used += 1, only = symbol;
  }
  // One symbol alone still takes a bit.
  if (used == 1) lengths[only] = 1;
  if (used < 2) return;
  // Weights that are closer to each other make a flatter tree.
  while (build(&tree, count, lengths) > longest) {
    for (int symbol = 0; symbol < count; symbol += 1) {
      if (tree.weight[symbol] > 0) tree.weight[symbol] = tree.weight[symbol] / 2 + 1;
    }
  }
}

void huffman_codes(const uint8_t *lengths, int count, uint16_t *codes) {
  uint32_t counts[MOST_CODE_LENGTH + 1] = {0}, next[MOST_CODE_LENGTH + 2] = {0};
  for (int symbol = 0; symbol < count; symbol += 1) counts[lengths[symbol]] += 1;
  counts[0] = 0;
  for (int length = 1; length <= MOST_CODE_LENGTH; length += 1) next[length + 1] = (next[length] + counts[length]) << 1;
  for (int symbol = 0; symbol < count; symbol += 1) {
    uint32_t code = lengths[symbol] == 0 ? 0 : next[lengths[symbol]]++;
    uint32_t bits = 0;
    for (int left = lengths[symbol]; left > 0; left -= 1, code >>= 1) bits = bits << 1 | (code & 1);
    codes[symbol] = (uint16_t)bits;
  }
}
