// A search engine's index: for each term a list of documents that grows by realloc, as distances in
// bytes of seven bits; queries walk several lists at once and keep the best.
#include "kernel.h"

#define TERMS 400
#define SLOTS 1024
#define DOCUMENTS 220
#define WORDS 40
#define QUERIES 60
#define BEST 5

typedef struct {
  char *term;
  uint8_t *bytes;
  uint32_t size, room, last, documents;
} List;

typedef struct {
  const uint8_t *at, *end;
  /** Where the reader stands; UINT32_MAX behind the last one. */
  uint32_t document, count;
} Reader;

typedef struct {
  uint32_t document, score;
} Hit;

static List slots[SLOTS];
static Hit best[BEST];

static List *slot_of(const char *term) {
  uint32_t hash = 5381;
  for (const char *at = term; *at; at++) hash = hash * 33 + (uint8_t)*at;
  uint32_t slot = (hash ^ hash >> 11) % SLOTS;
  while (slots[slot].term && strcmp(slots[slot].term, term) != 0) slot = (slot + 1) % SLOTS;
  return &slots[slot];
}

static inline uint8_t *put_number(uint8_t *out, uint32_t value) {
  for (; value >= 128; value >>= 7) *out++ = (uint8_t)(value | 128);
  *out++ = (uint8_t)value;
  return out;
}

static inline const uint8_t *get_number(const uint8_t *at, uint32_t *value) {
  uint32_t shift = 0;
  for (*value = 0; *at & 128; shift += 7) *value |= (uint32_t)(*at++ & 127) << shift;
  *value |= (uint32_t)*at << shift;
  return at + 1;
}

static NOINLINE void append(const char *term, uint32_t document, uint32_t count) {
  List *list = slot_of(term);
  if (!list->term) list->term = strdup(term);
  if (list->room < list->size + 10) {
    list->room = list->room == 0 ? 16 : list->room * 2;
    list->bytes = realloc(list->bytes, list->room);
  }
  uint8_t *end = put_number(list->bytes + list->size, document - list->last);
  list->size = (uint32_t)(put_number(end, count) - list->bytes);
  list->last = document;
  list->documents++;
}

static void make_term(char *term, uint32_t number) {
  static const char *const PARTS[] = {"ba", "cor", "de", "lin", "mo", "sta", "ti", "ver"};
  for (number += 8; number > 0; number /= 8) term = stpcpy(term, PARTS[number % 8]);
}

/** Two draws: some terms are in nearly every document. */
static uint32_t usual_term(void) {
  return next_random() % TERMS * (next_random() % TERMS) / TERMS;
}

static NOINLINE void add_document(uint32_t document) {
  static uint32_t counts[TERMS];
  char term[32];
  memset(counts, 0, sizeof counts);
  for (int word = 0; word < WORDS; word++) counts[usual_term()]++;
  for (uint32_t i = 0; i < TERMS; i++) {
    if (counts[i] == 0) continue;
    make_term(term, i);
    append(term, document, counts[i]);
  }
}

static inline void advance(Reader *reader) {
  if (reader->at == reader->end) {
    reader->document = UINT32_MAX;
    return;
  }
  uint32_t distance;
  reader->at = get_number(reader->at, &distance);
  reader->at = get_number(reader->at, &reader->count);
  reader->document += distance;
}

static void offer(uint32_t document, uint32_t score) {
  if (score <= best[BEST - 1].score) return;
  int at = BEST - 1;
  for (; at > 0 && best[at - 1].score < score; at--) best[at] = best[at - 1];
  best[at] = (Hit){document, score};
}

/** Documents with at least two of the terms. Rare terms weigh more. */
static NOINLINE uint32_t search(List *const *lists, int count) {
  Reader readers[4];
  uint32_t found = 0;
  memset(best, 0, sizeof best);
  for (int i = 0; i < count; i++) {
    readers[i] = (Reader){lists[i]->bytes, lists[i]->bytes + lists[i]->size, 0, 0};
    advance(&readers[i]);
  }
  for (;;) {
    uint32_t next = UINT32_MAX, score = 0;
    int terms = 0;
    for (int i = 0; i < count; i++) {
      if (readers[i].document < next) next = readers[i].document;
    }
    if (next == UINT32_MAX) return found;
    for (int i = 0; i < count; i++) {
      if (readers[i].document != next) continue;
      score += readers[i].count * (4096 / lists[i]->documents);
      terms++;
      advance(&readers[i]);
    }
    if (terms < 2) continue;
    found++;
    offer(next, score);
  }
}

static uint32_t query(void) {
  List *lists[4];
  char term[32];
  int count = 0;
  for (int i = 0; i < 4; i++) {
    make_term(term, usual_term());
    List *list = slot_of(term);
    if (list->term) lists[count++] = list;
  }
  return search(lists, count);
}

static void release(void) {
  for (List *list = slots; list < slots + SLOTS; list++) {
    free(list->term);
    free(list->bytes);
    *list = (List){0};
  }
}

uint32_t run(int n) {
  uint32_t sum = 0;
  seed = 241;
  for (int round = 0; round < n; round++) {
    // Numbers far apart: most distances take two bytes.
    for (uint32_t i = 1; i <= DOCUMENTS; i++) add_document(i * 60);
    for (int i = 0; i < QUERIES; i++) {
      sum = mix(sum, query());
      for (int hit = 0; hit < BEST; hit++) sum = mix(sum, best[hit].document + best[hit].score);
    }
    release();
  }
  return sum;
}
