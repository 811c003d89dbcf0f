// Gives the variables of programs registers, as a compiler does: which are alive where by sets of
// bits over a graph of blocks, steps nobody needs removed, a graph of conflicts, colours for it.
#include "kernel.h"

#define BLOCKS 40
#define MOST_STEPS 10
#define VARIABLES 128
#define WORDS (VARIABLES / 64)
#define COLOURS 14
#define SPILT COLOURS
#define NOBODY 255

typedef uint64_t Set[WORDS];

typedef struct {
  uint8_t into, left, right, is_needed;
} Step;

typedef struct {
  Step steps[MOST_STEPS];
  int count, follows[2];
  Set uses, kills, alive_before, alive_after;
} Block;

static Block blocks[BLOCKS];
/** The last first, as far as that is possible. */
static int order[BLOCKS], ordered;
static uint8_t is_visited[BLOCKS];
static Set conflicts[VARIABLES];
static uint8_t colours[VARIABLES];
static uint32_t costs[VARIABLES];

static inline void add(Set set, int member) {
  set[member / 64] |= 1ull << member % 64;
}

static inline void drop(Set set, int member) {
  set[member / 64] &= ~(1ull << member % 64);
}

static inline int has(const Set set, int member) {
  return set[member / 64] >> member % 64 & 1;
}

static int size_of(const Set set) {
  int size = 0;
  for (int i = 0; i < WORDS; i++) size += __builtin_popcountll(set[i]);
  return size;
}

/** The least member from `from` on, VARIABLES if there is none. */
static inline int next_member(const Set set, int from) {
  for (int i = from / 64; i < WORDS; i++) {
    uint64_t word = i == from / 64 ? set[i] & ~0ull << from % 64 : set[i];
    if (word != 0) return i * 64 + __builtin_ctzll(word);
  }
  return VARIABLES;
}

static void visit(int block) {
  is_visited[block] = 1;
  for (int i = 0; i < 2; i++) {
    int next = blocks[block].follows[i];
    if (next >= 0 && !is_visited[next]) visit(next);
  }
  order[ordered++] = block;
}

static NOINLINE void summarise(Block *block) {
  memset(block->uses, 0, sizeof(Set));
  memset(block->kills, 0, sizeof(Set));
  for (int i = 0; i < block->count; i++) {
    const Step *step = &block->steps[i];
    if (!has(block->kills, step->left)) add(block->uses, step->left);
    if (!has(block->kills, step->right)) add(block->uses, step->right);
    if (step->into != NOBODY) add(block->kills, step->into);
  }
}

/** How many passes it took until nothing changed. */
static NOINLINE uint32_t solve(void) {
  uint32_t passes = 0;
  for (int i = 0; i < BLOCKS; i++) {
    summarise(&blocks[i]);
    memset(blocks[i].alive_before, 0, sizeof(Set));
    memset(blocks[i].alive_after, 0, sizeof(Set));
  }
  for (uint64_t changes = 1; changes != 0; passes++) {
    changes = 0;
    for (int i = 0; i < ordered; i++) {
      Block *block = &blocks[order[i]];
      for (int j = 0; j < 2; j++) {
        if (block->follows[j] < 0) continue;
        const uint64_t *before = blocks[block->follows[j]].alive_before;
        for (int k = 0; k < WORDS; k++) block->alive_after[k] |= before[k];
      }
      for (int k = 0; k < WORDS; k++) {
        uint64_t alive = block->uses[k] | (block->alive_after[k] & ~block->kills[k]);
        changes |= alive ^ block->alive_before[k];
        block->alive_before[k] = alive;
      }
    }
  }
  return passes;
}

/** Steps whose result nobody reads go. Answers how many. */
static NOINLINE int remove_dead(void) {
  int removed = 0;
  for (int i = 0; i < ordered; i++) {
    Block *block = &blocks[order[i]];
    Set alive;
    memcpy(alive, block->alive_after, sizeof alive);
    int kept = MOST_STEPS;
    for (int j = block->count - 1; j >= 0; j--) {
      Step step = block->steps[j];
      if (step.into != NOBODY && !step.is_needed && !has(alive, step.into)) continue;
      if (step.into != NOBODY) drop(alive, step.into);
      add(alive, step.left);
      add(alive, step.right);
      block->steps[--kept] = step;
    }
    removed += block->count - (MOST_STEPS - kept);
    block->count = MOST_STEPS - kept;
    memmove(block->steps, block->steps + kept, (size_t)block->count * sizeof *block->steps);
  }
  return removed;
}

/** What is written while another is alive must not be in the same register. */
static NOINLINE void find_conflicts(void) {
  memset(conflicts, 0, sizeof conflicts);
  memset(costs, 0, sizeof costs);
  for (int i = 0; i < ordered; i++) {
    const Block *block = &blocks[order[i]];
    Set alive;
    memcpy(alive, block->alive_after, sizeof alive);
    for (int j = block->count - 1; j >= 0; j--) {
      Step step = block->steps[j];
      if (step.into != NOBODY) {
        drop(alive, step.into);
        costs[step.into] += 2;
        for (int other = next_member(alive, 0); other < VARIABLES;) {
          add(conflicts[step.into], other);
          add(conflicts[other], step.into);
          other = next_member(alive, other + 1);
        }
      }
      costs[step.left]++;
      costs[step.right]++;
      add(alive, step.left);
      add(alive, step.right);
    }
  }
}

/** Takes out who has few neighbours left, or else who is cheapest to spill; the last out is first
 * to choose a colour. */
static NOINLINE void colour(void) {
  Set left;
  int degrees[VARIABLES], stack[VARIABLES], taken = 0;
  memset(left, 255, sizeof left);
  for (int i = 0; i < VARIABLES; i++) degrees[i] = size_of(conflicts[i]);
  while (taken < VARIABLES) {
    int chosen = next_member(left, 0);
    for (int i = chosen; i < VARIABLES; i = next_member(left, i + 1)) {
      if (degrees[i] < COLOURS) {
        chosen = i;
        break;
      }
      if (costs[i] * (uint32_t)degrees[chosen] < costs[chosen] * (uint32_t)degrees[i]) chosen = i;
    }
    drop(left, chosen);
    stack[taken++] = chosen;
    const uint64_t *near = conflicts[chosen];
    for (int i = next_member(near, 0); i < VARIABLES; i = next_member(near, i + 1)) degrees[i]--;
  }
  memset(colours, SPILT, sizeof colours);
  while (taken > 0) {
    int chosen = stack[--taken];
    uint32_t used = 1u << SPILT;
    const uint64_t *near = conflicts[chosen];
    for (int i = next_member(near, 0); i < VARIABLES; i = next_member(near, i + 1)) {
      used |= 1u << colours[i];
    }
    int free_one = __builtin_ctz(~used);
    colours[chosen] = free_one < COLOURS ? (uint8_t)free_one : SPILT;
  }
}

/** Most variables belong to a neighbourhood of blocks, some to all. */
static uint8_t variable_near(int block) {
  uint32_t draw = next_random();
  if (draw % 5 == 0) return (uint8_t)(draw / 5 % 12);
  return (uint8_t)((uint32_t)(12 + block * 3) % 110 + draw / 5 % 18);
}

static void make_program(void) {
  for (int i = 0; i < BLOCKS; i++) {
    Block *block = &blocks[i];
    block->count = 3 + (int)(next_random() % (MOST_STEPS - 2));
    for (int j = 0; j < block->count; j++) {
      uint8_t left = variable_near(i), right = variable_near(i), into = variable_near(i);
      if (j > 0 && block->steps[j - 1].into != NOBODY) left = block->steps[j - 1].into;
      if (next_random() % 3 != 0) right = left;
      int is_store = next_random() % 6 == 0;
      block->steps[j] = (Step){is_store ? NOBODY : into, left, right, next_random() % 9 == 0};
    }
    int far = i + 2 + (int)(next_random() % 5), back = i - (int)(next_random() % 8);
    block->follows[0] = i + 1 < BLOCKS ? i + 1 : -1;
    block->follows[1] = i % 3 == 0 && back >= 0 ? back : far < BLOCKS ? far : -1;
  }
}

uint32_t run(int n) {
  uint32_t sum = 0;
  seed = 293;
  for (int round = 0; round < n; round++) {
    make_program();
    memset(is_visited, 0, sizeof is_visited);
    ordered = 0;
    visit(0);
    int removed;
    do {
      sum = mix(sum, solve());
      removed = remove_dead();
      sum = mix(sum, (uint32_t)removed);
    } while (removed > 0);
    find_conflicts();
    colour();
    for (int i = 0; i < VARIABLES; i++) sum = mix(sum, colours[i]);
    for (int i = 0; i < BLOCKS; i++) sum = mix(sum, (uint32_t)size_of(blocks[i].alive_before));
  }
  return sum;
}
