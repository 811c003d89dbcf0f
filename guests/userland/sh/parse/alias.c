#include "sh/parse/alias.h"

#include <stdlib.h>
#include <string.h>

#include "sh/memory/arena.h"

static struct alias *aliases;

const struct alias *alias_first(void) { return aliases; }

// Where the alias of that name is, or would be.
static struct alias **place_of(const char *name) {
  struct alias **place = &aliases;
  while (*place != NULL && strcmp((*place)->name, name) < 0) place = &(*place)->next;
  return place;
}

static struct alias **find(const char *name) {
  struct alias **place = place_of(name);
  return *place != NULL && strcmp((*place)->name, name) == 0 ? place : NULL;
}

const struct alias *alias_find(const char *name) {
  struct alias **place = find(name);
  return place == NULL ? NULL : *place;
}

// A name in use (input.c keeps it while its value is read) is not freed: the value alone changes.
void alias_set(const char *name, const char *value) {
  struct alias **place = find(name);
  if (place != NULL) {
    char *copy = shell_copy(value);
    free((*place)->value);
    (*place)->value = copy;
    return;
  }
  place = place_of(name);
  struct alias *alias = shell_alloc(sizeof *alias);
  *alias = (struct alias){*place, shell_copy(name), shell_copy(value)};
  *place = alias;
}

int alias_remove(const char *name) {
  struct alias **place = find(name);
  if (place == NULL) return -1;
  struct alias *gone = *place;
  *place = gone->next;
  free(gone->name);
  free(gone->value);
  free(gone);
  return 0;
}

void alias_remove_all(void) {
  while (aliases != NULL) alias_remove(aliases->name);
}
