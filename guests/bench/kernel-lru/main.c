// A cache of pages by name that drops what was used longest ago: a hash table of chains whose entries
// are also a ring in order of use, allocated as they come and freed as they go.
#include "kernel.h"

#define ROOM 300
#define BUCKETS 512
#define NAMES 1200
#define REQUESTS 2000
#define WORDS 6

typedef struct Entry {
  struct Entry *older, *newer, *chained;
  const char *name;
  uint32_t hash;
  uint32_t page[WORDS];
} Entry;

static char names[NAMES][24];
static Entry *buckets[BUCKETS];
/** The ring's anchor: its `older` is what was used last, its `newer` what was used longest ago. */
static Entry ring;
static int held, hits;

static uint32_t hash_of(const char *name) {
  uint32_t hash = 2166136261u;
  for (; *name; name++) hash = (hash ^ (uint8_t)*name) * 16777619u;
  return hash;
}

static void leave_ring(Entry *entry) {
  entry->older->newer = entry->newer;
  entry->newer->older = entry->older;
}

static void use(Entry *entry) {
  entry->older = ring.older;
  entry->newer = &ring;
  ring.older->newer = entry;
  ring.older = entry;
}

static NOINLINE Entry *find(const char *name, uint32_t hash) {
  Entry *at = buckets[hash % BUCKETS];
  while (at && (at->hash != hash || strcmp(at->name, name) != 0)) at = at->chained;
  return at;
}

static NOINLINE void drop(Entry *entry) {
  Entry **link = &buckets[entry->hash % BUCKETS];
  while (*link != entry) link = &(*link)->chained;
  *link = entry->chained;
  leave_ring(entry);
  free(entry);
  held--;
}

static NOINLINE Entry *fetch(const char *name, uint32_t hash) {
  if (held == ROOM) drop(ring.newer);
  Entry *entry = malloc(sizeof *entry);
  entry->name = name;
  entry->hash = hash;
  for (uint32_t i = 0; i < WORDS; i++) entry->page[i] = mix(hash, i);
  entry->chained = buckets[hash % BUCKETS];
  buckets[hash % BUCKETS] = entry;
  held++;
  return entry;
}

static Entry *get(const char *name) {
  uint32_t hash = hash_of(name);
  Entry *entry = find(name, hash);
  if (entry) {
    hits++;
    leave_ring(entry);
  } else {
    entry = fetch(name, hash);
  }
  use(entry);
  return entry;
}

static void make_names(void) {
  static const char *const PLACES[] = {"/user/", "/item/", "/a/picture/", "/"};
  for (uint32_t i = 0; i < NAMES; i++) {
    char *end = stpcpy(names[i], PLACES[i % 4]);
    for (uint32_t rest = i * 7919; rest > 0; rest /= 10) *end++ = (char)('0' + rest % 10);
    *end = 0;
  }
}

uint32_t run(int n) {
  uint32_t sum = 0;
  make_names();
  memset(buckets, 0, sizeof buckets);
  ring.older = ring.newer = &ring;
  held = hits = 0;
  seed = 101;
  for (int request = 0; request < n * REQUESTS; request++) {
    // Two draws: some names are asked for far more often than others.
    uint32_t draw = (next_random() % NAMES) * (next_random() % NAMES) / NAMES;
    Entry *entry = get(names[draw]);
    sum = mix(sum, entry->page[request % WORDS]++);
  }
  while (held > 0) {
    sum = mix(sum, ring.newer->hash);
    drop(ring.newer);
  }
  return mix(sum, (uint32_t)hits);
}
