// A hash table of chains that doubles as it fills: pointer chasing, malloc and free.
#include "kernel.h"

#define KEYS 12000

typedef struct Entry {
  uint32_t key, value;
  struct Entry *next;
} Entry;

static Entry **table;
static uint32_t buckets, entries;

static uint32_t bucket_of(uint32_t key) {
  key ^= key >> 16;
  key *= 0x85ebca6b;
  key ^= key >> 13;
  key *= 0xc2b2ae35;
  key ^= key >> 16;
  return key & (buckets - 1);
}

static NOINLINE Entry *find(uint32_t key) {
  for (Entry *at = table[bucket_of(key)]; at; at = at->next) {
    if (at->key == key) return at;
  }
  return 0;
}

static void link_in(Entry *entry) {
  Entry **head = &table[bucket_of(entry->key)];
  entry->next = *head;
  *head = entry;
}

static NOINLINE void grow(void) {
  Entry **old = table;
  uint32_t before = buckets;
  buckets *= 2;
  table = calloc(buckets, sizeof *table);
  for (uint32_t i = 0; i < before; i++) {
    for (Entry *at = old[i], *next; at; at = next) {
      next = at->next;
      link_in(at);
    }
  }
  free(old);
}

static NOINLINE void add(uint32_t key, uint32_t value) {
  Entry *entry = find(key);
  if (entry) {
    entry->value += value;
    return;
  }
  if (entries >= buckets) grow();
  entry = malloc(sizeof *entry);
  entry->key = key;
  entry->value = value;
  link_in(entry);
  entries++;
}

static void clear(void) {
  for (uint32_t i = 0; i < buckets; i++) {
    for (Entry *at = table[i], *next; at; at = next) {
      next = at->next;
      free(at);
    }
  }
  free(table);
}

uint32_t run(int n) {
  uint32_t sum = 0;
  for (int round = 0; round < n; round++) {
    buckets = 16;
    entries = 0;
    table = calloc(buckets, sizeof *table);
    seed = (uint32_t)round + 5;
    for (uint32_t i = 0; i < KEYS; i++) add(next_random() % 20000, i);
    for (uint32_t i = 0; i < KEYS; i++) {
      Entry *entry = find(i);
      if (entry) sum = mix(sum, entry->value);
    }
    clear();
  }
  return sum;
}
