// A store of keys and values as databases keep it in levels: the newest in a skip list, sorted runs
// below, merged when there are too many; what was deleted is written down until the last merge.
#include "kernel.h"

#define HEIGHT 8
#define MOST_NEW 200
#define MOST_RUNS 4
#define STEPS 2500
#define KEYS 1500

typedef struct {
  char key[12];
  /** Zero: it was deleted. */
  uint32_t value;
} Entry;

typedef struct Tower {
  Entry entry;
  int height;
  struct Tower *next[];
} Tower;

typedef struct {
  Entry *entries;
  int count;
} Run;

static Tower *head;
static int waiting;
/** The newest last. */
static Run runs[MOST_RUNS];
static int levels;

static Tower *make_tower(int height) {
  Tower *tower = calloc(1, sizeof *tower + (size_t)height * sizeof *tower->next);
  tower->height = height;
  return tower;
}

/** The last tower before `key` on each floor, and what follows on the lowest. */
static NOINLINE Tower *descend(const char *key, Tower **before) {
  Tower *at = head;
  for (int floor = HEIGHT - 1; floor >= 0; floor--) {
    while (at->next[floor] && strcmp(at->next[floor]->entry.key, key) < 0) at = at->next[floor];
    before[floor] = at;
  }
  return at->next[0];
}

static int random_height(void) {
  int height = 1;
  for (uint32_t draw = next_random() >> 8; (draw & 3) == 0 && height < HEIGHT; draw >>= 2) height++;
  return height;
}

/** Two neighbours, of which one is the oldest: below it nothing need be deleted any more. */
static NOINLINE void merge(const Run *old, const Run *new, Run *into) {
  Entry *out = into->entries = malloc((size_t)(old->count + new->count) * sizeof *out);
  const Entry *a = old->entries, *b = new->entries;
  const Entry *last_a = a + old->count, *last_b = b + new->count;
  while (a < last_a || b < last_b) {
    int order = a == last_a ? 1 : b == last_b ? -1 : strcmp(a->key, b->key);
    const Entry *next = order < 0 ? a : b;
    if (order <= 0) a++;
    if (order >= 0) b++;
    if (next->value != 0) *out++ = *next;
  }
  into->count = (int)(out - into->entries);
  free(old->entries);
  free(new->entries);
}

static NOINLINE void compact(void) {
  while (levels > 1) {
    Run merged;
    merge(&runs[0], &runs[1], &merged);
    runs[0] = merged;
    levels--;
    memmove(runs + 1, runs + 2, (size_t)(levels - 1) * sizeof *runs);
  }
}

static NOINLINE void flush(void) {
  if (levels == MOST_RUNS) compact();
  Run *run = &runs[levels++];
  run->entries = malloc((size_t)waiting * sizeof *run->entries);
  run->count = 0;
  for (Tower *at = head->next[0], *next; at; at = next) {
    next = at->next[0];
    run->entries[run->count++] = at->entry;
    free(at);
  }
  memset(head->next, 0, HEIGHT * sizeof *head->next);
  waiting = 0;
}

static void put(const char *key, uint32_t value) {
  Tower *before[HEIGHT], *found = descend(key, before);
  if (found && strcmp(found->entry.key, key) == 0) {
    found->entry.value = value;
    return;
  }
  Tower *made = make_tower(random_height());
  strcpy(made->entry.key, key);
  made->entry.value = value;
  for (int floor = 0; floor < made->height; floor++) {
    made->next[floor] = before[floor]->next[floor];
    before[floor]->next[floor] = made;
  }
  if (++waiting == MOST_NEW) flush();
}

static const Entry *find_in(const Run *run, const char *key) {
  int low = 0, high = run->count;
  while (low < high) {
    int middle = (low + high) / 2, order = strcmp(run->entries[middle].key, key);
    if (order == 0) return &run->entries[middle];
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return 0;
}

static NOINLINE uint32_t get(const char *key) {
  Tower *before[HEIGHT], *found = descend(key, before);
  if (found && strcmp(found->entry.key, key) == 0) return found->entry.value;
  for (int level = levels - 1; level >= 0; level--) {
    const Entry *entry = find_in(&runs[level], key);
    if (entry) return entry->value;
  }
  return 0;
}

static void make_key(char *key, uint32_t number) {
  static const char DIGITS[] = "abcdefghijklmnopqrstuvwxyz";
  key = stpcpy(key, number % 3 == 0 ? "user:" : "item:");
  for (number = number * 7919 % 1000003; number > 0; number /= 26) *key++ = DIGITS[number % 26];
  *key = 0;
}

uint32_t run(int n) {
  uint32_t sum = 0;
  char key[12];
  seed = 251;
  head = make_tower(HEIGHT);
  waiting = levels = 0;
  for (int step = 0; step < n * STEPS; step++) {
    uint32_t draw = next_random();
    make_key(key, draw % KEYS);
    switch (draw / KEYS % 8) {
      case 0: put(key, 0); break;
      case 1:
      case 2:
      case 3: put(key, (uint32_t)step + 1); break;
      default: sum = mix(sum, get(key));
    }
  }
  if (waiting > 0) flush();
  compact();
  for (int i = 0; i < runs[0].count; i++) sum = mix(sum, runs[0].entries[i].value);
  free(runs[0].entries);
  free(head);
  return sum;
}
