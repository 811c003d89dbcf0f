// Memory that is given back all at once, or down to a mark.
#ifndef SH_ARENA_H
#define SH_ARENA_H

#include <stddef.h>

struct block;
struct arena {
  struct block *blocks;
  char *next;
  char *end;
};

struct mark {
  struct block *blocks;
  char *next;
};

// What commands need while they run: each gives back down to where it began.
extern struct arena scratch;

void *arena_alloc(struct arena *arena, size_t size);
char *arena_copy(struct arena *arena, const char *text, size_t length);
void arena_free(struct arena *arena);
struct mark arena_mark(const struct arena *arena);
void arena_release(struct arena *arena, struct mark mark);

// malloc and realloc that end the shell where there is no memory.
void *shell_alloc(size_t size);
void *shell_resize(void *old, size_t size);
char *shell_copy(const char *text);

#endif
