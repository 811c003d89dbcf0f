// Keeps objects in a heap of its own, marked and swept when full: a program makes lists, trees and
// buffers, ties knots, loses them; what no root leads to any more goes back to lists by size.
#include "kernel.h"

#define HEAP 8192
#define ROOTS 40
#define MOST_HELD 64
#define SIZES 16
#define STEPS 1500

/** Where in the heap an object begins: it has a header, a serial, slots, then data. 0 is none. */
typedef uint32_t Reference;

#define MARK 1u
#define USED 2u

static uint32_t heap[HEAP];
/** Free pieces by size, all greater ones in the last list; the word after a header is the link. */
static Reference free_lists[SIZES];
static Reference roots[ROOTS];
/** What a function works with is not to be swept away. */
static Reference held[MOST_HELD];
static int held_count;
static Reference pending[HEAP / 2];
static uint32_t serials, collections, given_back, live;

static inline uint32_t size_of(Reference object) {
  return heap[object] >> 12;
}

static inline uint32_t slots_of(Reference object) {
  return heap[object] >> 2 & 1023;
}

static inline Reference *slot(Reference object, uint32_t index) {
  return &heap[object + 2 + index];
}

static void set_free(Reference piece, uint32_t size) {
  Reference *list = &free_lists[size < SIZES ? size : SIZES - 1];
  heap[piece] = size << 12;
  heap[piece + 1] = *list;
  *list = piece;
}

/** A piece of at least a size, cut to it if what is left is a piece as well. */
static NOINLINE Reference take_free(uint32_t size) {
  for (uint32_t i = size < SIZES ? size : SIZES - 1; i < SIZES; i++) {
    for (Reference *link = &free_lists[i], piece; (piece = *link); link = &heap[piece + 1]) {
      uint32_t room = size_of(piece);
      if (room != size && room < size + 2) continue;
      *link = heap[piece + 1];
      if (room > size) set_free(piece + size, room - size);
      return piece;
    }
  }
  return 0;
}

static inline int mark_one(Reference object, int waiting) {
  if (object && (heap[object] & MARK) == 0) {
    heap[object] |= MARK;
    pending[waiting++] = object;
  }
  return waiting;
}

static NOINLINE void mark_from(Reference start) {
  int waiting = mark_one(start, 0);
  while (waiting > 0) {
    Reference object = pending[--waiting];
    live += size_of(object);
    for (uint32_t i = slots_of(object); i > 0;) waiting = mark_one(*slot(object, --i), waiting);
  }
}

static void mark_all(void) {
  live = 0;
  for (int i = 0; i < ROOTS; i++) mark_from(roots[i]);
  for (int i = 0; i < held_count; i++) mark_from(held[i]);
}

/** What is free in a row becomes one piece. */
static NOINLINE void sweep(void) {
  memset(free_lists, 0, sizeof free_lists);
  for (Reference at = 1, end; at < HEAP; at = end) {
    end = at + size_of(at);
    if (heap[at] & MARK) {
      heap[at] &= ~MARK;
      continue;
    }
    if (heap[at] & USED) given_back++;
    for (; end < HEAP && (heap[end] & MARK) == 0; end += size_of(end)) {
      if (heap[end] & USED) given_back++;
    }
    set_free(at, end - at);
  }
}

static NOINLINE Reference allocate(uint32_t slots, uint32_t data) {
  uint32_t size = 2 + slots + data;
  Reference made = take_free(size);
  if (!made) {
    collections++;
    mark_all();
    sweep();
    made = take_free(size);
    if (!made) abort();
  }
  heap[made] = size << 12 | slots << 2 | USED;
  heap[made + 1] = serials++;
  memset(&heap[made + 2], 0, (size - 2) * sizeof *heap);
  return made;
}

static void hold(Reference object) {
  if (held_count == MOST_HELD) abort();
  held[held_count++] = object;
}

static Reference let_go(void) {
  return held[--held_count];
}

static Reference make_list(uint32_t length) {
  hold(0);
  for (; length > 0; length--) {
    Reference node = allocate(2, 1);
    *slot(node, 0) = held[held_count - 1];
    *slot(node, 2) = length * length;
    held[held_count - 1] = node;
  }
  return let_go();
}

static NOINLINE Reference make_tree(int depth) {
  hold(allocate(3, depth % 2));
  for (uint32_t i = 0; depth > 0 && i < 3; i++) {
    if (i > 0 && next_random() % 4 == 0) continue;
    Reference below = make_tree(depth - 1);
    *slot(held[held_count - 1], i) = below;
  }
  return let_go();
}

/** The same list the other way round, its old nodes left to whoever has them. */
static Reference reversed(Reference list) {
  hold(list);
  hold(0);
  for (int most = 50; most > 0; most--) {
    if (!held[held_count - 2] || slots_of(held[held_count - 2]) != 2) break;
    Reference node = allocate(2, 1), old = held[held_count - 2];
    *slot(node, 0) = held[held_count - 1];
    *slot(node, 1) = *slot(old, 1);
    *slot(node, 2) = *slot(old, 2) + 1;
    held[held_count - 1] = node;
    held[held_count - 2] = *slot(old, 0);
  }
  Reference made = let_go();
  let_go();
  return made;
}

static Reference make_buffer(uint32_t words) {
  Reference made = allocate(0, words);
  for (uint32_t i = 0; i < words; i++) *slot(made, i) = i * serials;
  return made;
}

/** Some object a few steps from a root. */
static NOINLINE Reference wander(Reference at) {
  for (uint32_t steps = next_random() % 12; at && steps > 0 && slots_of(at) > 0; steps--) {
    Reference next = *slot(at, next_random() % slots_of(at));
    if (next) at = next;
  }
  return at;
}

/** The same for the same graph, wherever in the heap its objects are. */
static uint32_t audit(void) {
  uint32_t sum = 0;
  mark_all();
  for (Reference at = 1; at < HEAP; at += size_of(at)) {
    if ((heap[at] & MARK) == 0) continue;
    uint32_t own = heap[at + 1], slots = slots_of(at);
    for (uint32_t i = 0; i + 2 < size_of(at); i++) {
      uint32_t value = *slot(at, i);
      own = mix(own, i >= slots ? value : value ? heap[value + 1] : 0);
    }
    sum += own;
  }
  sweep();
  return mix(sum, live);
}

static NOINLINE uint32_t step(void) {
  uint32_t draw = next_random(), size = 1 + next_random() % 24;
  Reference *root = &roots[next_random() % ROOTS], near = wander(*root), far;
  switch (draw % 8) {
    case 0:
    case 1: *root = make_list(size); break;
    case 2: *root = make_tree((int)(size % 4)); break;
    case 3: *root = make_buffer(size * 6); break;
    case 4: *root = reversed(*root); break;
    case 5:
      far = wander(roots[next_random() % ROOTS]);
      if (near && slots_of(near) > 0) *slot(near, size % slots_of(near)) = far;
      break;
    case 6:
      if (near && slots_of(near) > 0) *slot(near, size % slots_of(near)) = 0;
      break;
    default: *root = 0;
  }
  return near ? heap[near + 1] : 0;
}

uint32_t run(int n) {
  uint32_t sum = 0;
  seed = 617;
  for (int round = 0; round < n; round++) {
    memset(free_lists, 0, sizeof free_lists);
    memset(roots, 0, sizeof roots);
    serials = collections = given_back = 0;
    held_count = 0;
    set_free(1, HEAP - 1);
    for (int i = 0; i < STEPS; i++) sum = mix(sum, step());
    sum = mix(sum, audit());
    sum = mix(mix(sum, collections), given_back);
  }
  return sum;
}
