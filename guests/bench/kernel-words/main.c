// The words of a text, each kept once, counted, and put in three orders: open addressing by name,
// merge sort with the order behind a function pointer.
#include "kernel.h"

#define TEXT 16384
#define SLOTS 4096
#define MOST 3000

typedef struct {
  const char *name;
  int length, count, first;
} Word;
typedef int (*Order)(const Word *, const Word *);

static char text[TEXT + 1], names[TEXT + MOST];
static Word words[MOST];
static Word *slots[SLOTS], *sorted[MOST], *merged[MOST];
static int known;

static int by_name(const Word *a, const Word *b) {
  return strcmp(a->name, b->name);
}

static int by_count(const Word *a, const Word *b) {
  return b->count - a->count;
}

static int by_length_and_end(const Word *a, const Word *b) {
  if (a->length != b->length) return a->length - b->length;
  return a->name[a->length - 1] - b->name[b->length - 1];
}

static inline int is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/** `name` ends behind its length, where the next new name would begin. */
static NOINLINE Word *intern(const char *name, int length) {
  uint32_t hash = 5381;
  for (int i = 0; i < length; i++) hash = hash * 33 ^ (uint8_t)name[i];
  uint32_t slot = (hash ^ hash >> 13) % SLOTS;
  for (; slots[slot]; slot = (slot + 1) % SLOTS) {
    Word *word = slots[slot];
    if (word->length == length && memcmp(word->name, name, (size_t)length) == 0) return word;
  }
  words[known] = (Word){name, length, 0, known};
  return slots[slot] = &words[known++];
}

static NOINLINE int read_words(void) {
  char *free_name = names;
  int all = 0;
  memset(slots, 0, sizeof slots);
  known = 0;
  for (const char *at = text; *at;) {
    int length = 0;
    for (; is_letter(*at); at++) free_name[length++] = (char)(*at | 32);
    while (*at && !is_letter(*at)) at++;
    if (length == 0) continue;
    free_name[length] = 0;
    Word *word = intern(free_name, length);
    word->count++;
    if (word->name == free_name) free_name += length + 1;
    all++;
  }
  return all;
}

/** Stable: what is equal stays in its order. */
static NOINLINE void sort(Word **from, Word **room, int count, Order order) {
  if (count < 2) return;
  int half = count / 2;
  sort(from, room, half, order);
  sort(from + half, room, count - half, order);
  memcpy(room, from, (size_t)half * sizeof *from);
  int left = 0, right = half, out = 0;
  while (left < half && right < count) {
    from[out++] = order(room[left], from[right]) <= 0 ? room[left++] : from[right++];
  }
  while (left < half) from[out++] = room[left++];
}

static void make_text(void) {
  static const char *const PARTS[] = {"an", "be", "co", "der", "e", "for", "ing", "ly", "mo", "s",
                                      "th", "un", "st", "re", "ti", "o"};
  char *end = text;
  seed = 191;
  while (end < text + TEXT - 32) {
    char *word = end;
    for (uint32_t parts = 2 + next_random() % 3; parts > 0; parts--) {
      // Two draws: some parts are more usual than others.
      end = stpcpy(end, PARTS[next_random() % 16 * (next_random() % 16) / 16]);
    }
    if (next_random() % 9 == 0) *word -= 32;
    end = stpcpy(end, next_random() % 12 == 0 ? ".\n" : " ");
  }
}

uint32_t run(int n) {
  static const Order ORDERS[] = {by_name, by_count, by_length_and_end};
  uint32_t sum = 0;
  make_text();
  for (int round = 0; round < n; round++) {
    text[round * 13 % 1000] = (char)('a' + round % 26);
    sum = mix(sum, (uint32_t)read_words());
    for (int i = 0; i < known; i++) sorted[i] = &words[i];
    for (int order = 0; order < 3; order++) {
      sort(sorted, merged, known, ORDERS[order]);
      for (int i = 0; i < known; i += 3) sum = mix(sum, (uint32_t)sorted[i]->first);
    }
    for (int i = 0; i < known; i++) sum = mix(sum, (uint32_t)words[i].count);
  }
  return sum;
}
