// sort: lines in order. In memory as long as they fit, in runs on disk that are merged when not.
#ifndef TEXT_SORT_H
#define TEXT_SORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/lines.h"
#include "lib/writer.h"

enum order { ORDER_TEXT, ORDER_NUMERIC, ORDER_GENERAL, ORDER_HUMAN, ORDER_MONTH, ORDER_VERSION };

struct ordering {
  enum order order;
  bool reverse;
  bool fold;
  bool dictionary;
  bool printable;
  bool skip_start;  // blanks before the start
  bool skip_end;    // blanks before the end
};

// Where a key is: fields and characters count from 0; the end is behind it.
struct key {
  struct ordering ordering;
  size_t start_field;
  size_t start_character;
  size_t end_field;  // SIZE_MAX: the end of the line
  size_t end_character;  // 0: the end of the field
};

struct sort {
  struct key *keys;
  size_t key_count;
  struct ordering ordering;
  int separator;  // -1: where blanks start
  bool stable;
  bool unique;
  bool merge;
  char check;  // 0, c, or C (says nothing)
  char line_end;
  size_t memory;
  const char *scratch;
  const char *output;
};

// A line, and what most comparisons are decided by: `rank` is in order wherever it differs.
struct entry {
  uint64_t rank;
  const char *text;
  size_t length;
  const char *key;
  size_t key_length;
};

struct piece {
  const char *text;
  size_t length;
};

// key.c
bool sort_read_key(struct sort *sort, const char *text);
// Sets what the letter says; false when there is no such letter.
bool sort_set_ordering(struct ordering *ordering, char letter, bool at_end);
bool sort_has_ordering(const struct ordering *ordering);
struct piece sort_key_of(const struct sort *sort, const struct key *key, const char *text, size_t length);

// compare.c
void sort_make_entry(const struct sort *sort, const char *text, size_t length, struct entry *entry);
// Below, above or 0; by the keys alone when `keys_only`.
int sort_compare(const struct sort *sort, const struct entry *one, const struct entry *other, bool keys_only);

// numbers.c
int sort_compare_pieces(enum order order, struct piece one, struct piece other);
uint64_t sort_rank(enum order order, struct piece piece);

// batch.c
struct block;
struct batch {
  struct entry *entries;
  size_t count;
  size_t size;
  struct block *blocks;
  size_t used;
};
void batch_add(const struct sort *sort, struct batch *batch, const char *text, size_t length);
void batch_sort(const struct sort *sort, struct batch *batch);
void batch_write(const struct sort *sort, const struct batch *batch, struct writer *to);
void batch_empty(struct batch *batch);

// merge.c
void sort_merge(const struct sort *sort, struct lines *inputs, size_t count, struct writer *to);

// run.c
bool sort_run(const struct sort *sort, char *const *names, size_t count);

#endif
