// Arrays of awk: from text to value, in the order in which keys came.
#ifndef TEXT_AWK_ARRAY_H
#define TEXT_AWK_ARRAY_H

#include "text/awk/value.h"

struct element {
  struct text *key;
  uint32_t hash;
  struct value value;
  struct element *next;  // in its bucket
  struct element *before;
  struct element *after;
};

struct array {
  struct element **buckets;
  size_t size;  // a power of two
  size_t count;
  struct element *first;
  struct element *last;
};

struct array *array_new(void);
void array_free(struct array *array);
void array_clear(struct array *array);
// NULL when there is none.
struct element *array_find(const struct array *array, const struct text *key);
// Makes one when there is none.
struct element *array_at(struct array *array, struct text *key);
void array_delete(struct array *array, const struct text *key);

#endif
