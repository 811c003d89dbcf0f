#include "sh/memory/arena.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/message.h"

struct block {
  struct block *older;
  size_t size;
  max_align_t data[];
};

enum { BLOCK_BYTES = 4096 - sizeof(struct block) };

struct arena scratch;

void *shell_resize(void *old, size_t size) {
  void *found = realloc(old, size == 0 ? 1 : size);
  if (found == NULL) {
    message("out of memory");
    _exit(2);
  }
  return found;
}

void *shell_alloc(size_t size) { return shell_resize(NULL, size); }

char *shell_copy(const char *text) {
  size_t size = strlen(text) + 1;
  return memcpy(shell_alloc(size), text, size);
}

static void add_block(struct arena *arena, size_t size) {
  if (size < BLOCK_BYTES) size = BLOCK_BYTES;
  struct block *block = shell_alloc(sizeof *block + size);
  block->older = arena->blocks;
  block->size = size;
  arena->blocks = block;
  arena->next = (char *)block->data;
  arena->end = arena->next + size;
}

void *arena_alloc(struct arena *arena, size_t size) {
  size = (size + sizeof(max_align_t) - 1) & ~(sizeof(max_align_t) - 1);
  if ((size_t)(arena->end - arena->next) < size || arena->blocks == NULL) add_block(arena, size);
  void *found = arena->next;
  arena->next += size;
  return found;
}

char *arena_copy(struct arena *arena, const char *text, size_t length) {
  char *copy = arena_alloc(arena, length + 1);
  memcpy(copy, text, length);
  copy[length] = '\0';
  return copy;
}

struct mark arena_mark(const struct arena *arena) { return (struct mark){arena->blocks, arena->next}; }

void arena_release(struct arena *arena, struct mark mark) {
  while (arena->blocks != mark.blocks) {
    struct block *block = arena->blocks;
    arena->blocks = block->older;
    free(block);
  }
  arena->next = mark.next;
  arena->end = arena->blocks == NULL ? NULL : (char *)arena->blocks->data + arena->blocks->size;
}

void arena_free(struct arena *arena) { arena_release(arena, (struct mark){NULL, NULL}); }
