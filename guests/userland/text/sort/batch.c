// Lines in memory, and their order.
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/memory.h"
#include "text/sort/sort.h"

enum { BLOCK = 1 << 16, SHORT_RUN = 8 };

// Text of lines, which stays where it is.
struct block {
  struct block *next;
  size_t used;
  size_t size;
  char data[];
};

static char *room_for(struct batch *batch, size_t length) {
  struct block *block = batch->blocks;
  if (block == NULL || block->size - block->used < length) {
    size_t size = length > BLOCK ? length : BLOCK;
    block = must_alloc(sizeof *block + size);
    *block = (struct block){batch->blocks, 0, size};
    batch->blocks = block;
    batch->used += size;
  }
  block->used += length;
  return block->data + block->used - length;
}

void batch_add(const struct sort *sort, struct batch *batch, const char *text, size_t length) {
  if (batch->count == batch->size) {
    size_t size = batch->size == 0 ? 1024 : batch->size * 2;
    batch->entries = must_grow(batch->entries, size, sizeof *batch->entries);
    batch->used += (size - batch->size) * sizeof *batch->entries;
    batch->size = size;
  }
  char *copy = room_for(batch, length + 1);
  memcpy(copy, text, length);
  copy[length] = '\0';
  sort_make_entry(sort, copy, length, &batch->entries[batch->count++]);
}

static void sort_short(const struct sort *sort, struct entry *entries, size_t count) {
  for (size_t index = 1; index < count; index += 1) {
    struct entry entry = entries[index];
    size_t at = index;
    for (; at > 0 && sort_compare(sort, &entries[at - 1], &entry, false) > 0; at -= 1) entries[at] = entries[at - 1];
    entries[at] = entry;
  }
}

// Two runs that follow each other, the first of them of `middle` entries, become one.
static void merge(const struct sort *sort, struct entry *entries, size_t middle, size_t count, struct entry *scratch) {
  // Often they are in order as they stand.
  if (sort_compare(sort, &entries[middle - 1], &entries[middle], false) <= 0) return;
  memcpy(scratch, entries, middle * sizeof *entries);
  size_t left = 0;
  size_t right = middle;
  size_t to = 0;
  while (left < middle && right < count) {
    bool takes_left = sort_compare(sort, &scratch[left], &entries[right], false) <= 0;
    entries[to++] = takes_left ? scratch[left++] : entries[right++];
  }
  memcpy(&entries[to], &scratch[left], (middle - left) * sizeof *entries);
}

static void sort_part(const struct sort *sort, struct entry *entries, size_t count, struct entry *scratch) {
  if (count <= SHORT_RUN) {
    sort_short(sort, entries, count);
    return;
  }
  size_t middle = count / 2;
  sort_part(sort, entries, middle, scratch);
  sort_part(sort, entries + middle, count - middle, scratch);
  merge(sort, entries, middle, count, scratch);
}

void batch_sort(const struct sort *sort, struct batch *batch) {
  if (batch->count < 2) return;
  struct entry *scratch = must_grow(NULL, batch->count / 2 + 1, sizeof *scratch);
  sort_part(sort, batch->entries, batch->count, scratch);
  free(scratch);
}

void batch_write(const struct sort *sort, const struct batch *batch, struct writer *to) {
  const struct entry *last = NULL;
  for (size_t index = 0; index < batch->count; index += 1) {
    const struct entry *entry = &batch->entries[index];
    if (sort->unique && last != NULL && sort_compare(sort, last, entry, true) == 0) continue;
    last = entry;
    writer_put(to, entry->text, entry->length);
    writer_byte(to, sort->line_end);
  }
}

void batch_empty(struct batch *batch) {
  while (batch->blocks != NULL) {
    struct block *next = batch->blocks->next;
    free(batch->blocks);
    batch->blocks = next;
  }
  free(batch->entries);
  *batch = (struct batch){NULL, 0, 0, NULL, 0};
}
