// Packs bytes by Huffman's codes and unpacks them: counting, a heap of the rarest, a tree walked bit
// by bit.
#include "kernel.h"

#define BYTES 16384
#define SYMBOLS 256

typedef struct {
  uint32_t weight;
  int16_t left, right;
} Node;

static uint8_t source[BYTES], packed[2 * BYTES], unpacked[BYTES];
static Node nodes[2 * SYMBOLS];
static uint32_t codes[SYMBOLS], lengths[SYMBOLS];
static int16_t heap[SYMBOLS];
static int waiting;

/** Ties go by number, so that the tree is the same everywhere. */
static inline int is_rarer(int a, int b) {
  return nodes[a].weight != nodes[b].weight ? nodes[a].weight < nodes[b].weight : a < b;
}

static void sift_down(int at) {
  int16_t moved = heap[at];
  for (int child; (child = 2 * at + 1) < waiting; at = child) {
    if (child + 1 < waiting && is_rarer(heap[child + 1], heap[child])) child++;
    if (!is_rarer(heap[child], moved)) break;
    heap[at] = heap[child];
  }
  heap[at] = moved;
}

static int16_t take_rarest(void) {
  int16_t rarest = heap[0];
  heap[0] = heap[--waiting];
  sift_down(0);
  return rarest;
}

/** Answers the root. Leaves are the symbols themselves. */
static NOINLINE int build(void) {
  int made = SYMBOLS;
  memset(nodes, 0, sizeof nodes);
  for (int i = 0; i < BYTES; i++) nodes[source[i]].weight++;
  waiting = 0;
  for (int symbol = 0; symbol < SYMBOLS; symbol++) {
    if (nodes[symbol].weight > 0) heap[waiting++] = (int16_t)symbol;
  }
  for (int i = waiting / 2 - 1; i >= 0; i--) sift_down(i);
  while (waiting > 1) {
    int16_t left = take_rarest(), right = heap[0];
    nodes[made] = (Node){nodes[left].weight + nodes[right].weight, left, right};
    heap[0] = (int16_t)made++;
    sift_down(0);
  }
  return heap[0];
}

static NOINLINE void assign(int node, uint32_t bits, uint32_t length) {
  if (node < SYMBOLS) {
    codes[node] = bits;
    lengths[node] = length;
  } else {
    assign(nodes[node].left, bits << 1, length + 1);
    assign(nodes[node].right, bits << 1 | 1, length + 1);
  }
}

static NOINLINE int pack(void) {
  uint64_t buffer = 0;
  uint32_t held = 0;
  uint8_t *out = packed;
  for (int i = 0; i < BYTES; i++) {
    uint32_t length = lengths[source[i]];
    buffer = buffer << length | codes[source[i]];
    for (held += length; held >= 8; *out++ = (uint8_t)(buffer >> held)) held -= 8;
  }
  *out++ = (uint8_t)(buffer << (8 - held));
  return (int)(out - packed);
}

static NOINLINE void unpack(int root) {
  int bit = 0;
  for (int i = 0; i < BYTES; i++) {
    int node = root;
    for (; node >= SYMBOLS; bit++) {
      int right = packed[bit >> 3] >> (7 - (bit & 7)) & 1;
      node = right ? nodes[node].right : nodes[node].left;
    }
    unpacked[i] = (uint8_t)node;
  }
}

uint32_t run(int n) {
  uint32_t sum = 0;
  seed = 131;
  for (int i = 0; i < BYTES; i++) {
    uint32_t draw = next_random() % 100;
    source[i] = (uint8_t)(draw * draw * draw / 10000 + next_random() % 8);
  }
  for (int round = 0; round < n; round++) {
    for (int i = round; i < BYTES; i += 101) source[i] += 3;
    int root = build();
    assign(root, 0, 0);
    int size = pack();
    unpack(root);
    sum = mix(sum, (uint32_t)size + (memcmp(source, unpacked, BYTES) == 0));
    for (int i = 0; i < size; i += 7) sum = mix(sum, packed[i]);
  }
  return sum;
}
