#include "array.h"

#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/memory.h"

enum { SMALLEST = 16 };

// FNV-1a, begun with a number nobody outside knows: keys that were made to collide do not.
static uint32_t hash_of(const struct text *key) {
  static uint32_t seed;
  if (seed == 0) seed = (uint32_t)(uintptr_t)&seed * 2654435761u | 1;
  uint32_t hash = 2166136261u ^ seed;
  for (size_t at = 0; at < key->length; at += 1) hash = (hash ^ (unsigned char)key->bytes[at]) * 16777619u;
  return hash ^ hash >> 15;
}

struct array *array_new(void) {
  struct array *array = must_alloc(sizeof *array);
  *array = (struct array){NULL, 0, 0, NULL, NULL};
  return array;
}

void array_clear(struct array *array) {
  for (struct element *element = array->first; element != NULL;) {
    struct element *after = element->after;
    text_drop(element->key);
    value_drop(&element->value);
    free(element);
    element = after;
  }
  free(array->buckets);
  *array = (struct array){NULL, 0, 0, NULL, NULL};
}

void array_free(struct array *array) {
  array_clear(array);
  free(array);
}

static struct element *find(const struct array *array, const struct text *key, uint32_t hash) {
  if (array->size == 0) return NULL;
  struct element *element = array->buckets[hash & (array->size - 1)];
  for (; element != NULL; element = element->next) {
    if (element->hash == hash && element->key->length == key->length &&
        memcmp(element->key->bytes, key->bytes, key->length) == 0) return element;
  }
  return NULL;
}

struct element *array_find(const struct array *array, const struct text *key) {
  return find(array, key, hash_of(key));
}

static void enlarge(struct array *array) {
  size_t size = array->size == 0 ? SMALLEST : array->size * 2;
  array->buckets = must_grow(array->buckets, size, sizeof *array->buckets);
  memset(array->buckets, 0, size * sizeof *array->buckets);
  array->size = size;
  for (struct element *element = array->first; element != NULL; element = element->after) {
    struct element **bucket = &array->buckets[element->hash & (size - 1)];
    element->next = *bucket;
    *bucket = element;
  }
}

struct element *array_at(struct array *array, struct text *key) {
  uint32_t hash = hash_of(key);
  struct element *element = find(array, key, hash);
  if (element != NULL) return element;
  if (array->count >= array->size) enlarge(array);
  struct element **bucket = &array->buckets[hash & (array->size - 1)];
  element = must_alloc(sizeof *element);
  *element = (struct element){text_keep(key), hash, {VALUE_NONE, 0, NULL}, *bucket, array->last, NULL};
  *bucket = element;
  if (array->last != NULL) array->last->after = element;
  else array->first = element;
  array->last = element;
  array->count += 1;
  return element;
}

void array_delete(struct array *array, const struct text *key) {
  struct element *element = array_find(array, key);
  if (element == NULL) return;
  struct element **at = &array->buckets[element->hash & (array->size - 1)];
  while (*at != element) at = &(*at)->next;
  *at = element->next;
  if (element->before != NULL) element->before->after = element->after;
  else array->first = element->after;
  if (element->after != NULL) element->after->before = element->before;
  else array->last = element->before;
  array->count -= 1;
  text_drop(element->key);
  value_drop(&element->value);
  free(element);
}
