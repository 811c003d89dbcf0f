#include "mounts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

static int octal_at(const char *text) {
  int value = 0;
  for (int index = 1; index <= 3; index += 1) {
    if (text[index] < '0' || text[index] > '7') return -1;
    value = value * 8 + (text[index] - '0');
  }
  return value > 255 ? -1 : value;
}

// A field of a line, with \040 for a space, and so on.
static char *take_field(char **line) {
  char *start = *line + strspn(*line, " \t");
  size_t length = strcspn(start, " \t\n");
  char *field = must_alloc(length + 1);
  size_t to = 0;
  for (size_t from = 0; from < length; from += 1) {
    int byte = start[from] == '\\' ? octal_at(start + from) : -1;
    field[to++] = byte < 0 ? start[from] : (char)byte;
    if (byte >= 0) from += 3;
  }
  field[to] = '\0';
  *line = start + length;
  return field;
}

struct mount *read_mounts(size_t *count) {
  FILE *file = fopen("/proc/mounts", "re");
  if (file == NULL) return NULL;
  struct mount *mounts = must_alloc(sizeof *mounts);
  char *line = NULL;
  size_t room = 0;
  *count = 0;
  while (getline(&line, &room, file) >= 0) {
    char *rest = line;
    mounts = must_realloc(mounts, (*count + 1) * sizeof *mounts);
    struct mount *mount = &mounts[*count];
    mount->source = take_field(&rest);
    mount->target = take_field(&rest);
    mount->type = take_field(&rest);
    mount->flags = take_field(&rest);
    *count += 1;
  }
  free(line);
  fclose(file);
  return mounts;
}

void free_mounts(struct mount *mounts, size_t count) {
  for (size_t index = 0; index < count; index += 1) {
    free(mounts[index].source);
    free(mounts[index].target);
    free(mounts[index].type);
    free(mounts[index].flags);
  }
  free(mounts);
}
