// Inputs that are in order become one: a heap of their first lines.
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/bytes.h"
#include "text/sort/sort.h"

struct source {
  struct lines *input;
  size_t index;
  struct entry entry;
};

static bool advance(const struct sort *sort, struct source *source) {
  struct line line;
  if (!lines_next(source->input, &line)) return false;
  sort_make_entry(sort, line.text, line.length, &source->entry);
  return true;
}

// Of lines that are alike, that of the earlier input comes first.
static bool is_before(const struct sort *sort, const struct source *one, const struct source *other) {
  int compared = sort_compare(sort, &one->entry, &other->entry, false);
  return compared < 0 || (compared == 0 && one->index < other->index);
}

static void sink(const struct sort *sort, struct source *heap, size_t count, size_t at) {
  for (;;) {
    size_t least = at;
    for (size_t child = 2 * at + 1; child < count && child <= 2 * at + 2; child += 1) {
      if (is_before(sort, &heap[child], &heap[least])) least = child;
    }
    if (least == at) return;
    struct source kept = heap[at];
    heap[at] = heap[least];
    heap[least] = kept;
    at = least;
  }
}

void sort_merge(const struct sort *sort, struct lines *inputs, size_t count, struct writer *to) {
  struct source *heap = must_grow(NULL, count + 1, sizeof *heap);
  struct bytes last = BYTES_NONE;
  struct entry last_entry;
  bool has_last = false;
  size_t live = 0;
  for (size_t index = 0; index < count; index += 1) {
    heap[live] = (struct source){.input = &inputs[index], .index = index};
    if (advance(sort, &heap[live])) live += 1;
  }
  for (size_t at = live; at > 0; at -= 1) sink(sort, heap, live, at - 1);
  while (live > 0) {
    const struct entry *entry = &heap[0].entry;
    if (!sort->unique || !has_last || sort_compare(sort, &last_entry, entry, true) != 0) {
      writer_put(to, entry->text, entry->length);
      writer_byte(to, sort->line_end);
      if (sort->unique) {
        bytes_clear(&last);
        bytes_add(&last, entry->text, entry->length);
        sort_make_entry(sort, last.data, last.length, &last_entry);
        has_last = true;
      }
    }
    if (!advance(sort, &heap[0])) heap[0] = heap[--live];
    sink(sort, heap, live, 0);
  }
  bytes_free(&last);
  free(heap);
}
