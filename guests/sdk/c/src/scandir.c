#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct list {
  struct dirent **entries;
  size_t count;
  size_t capacity;
};

static int add(struct list *list, const struct dirent *entry) {
  if (list->count == list->capacity) {
    size_t capacity = list->capacity == 0 ? 16 : list->capacity * 2;
    struct dirent **grown = realloc(list->entries, capacity * sizeof *grown);
    if (grown == NULL) return -1;
    list->entries = grown;
    list->capacity = capacity;
  }
  size_t size = sizeof *entry + strlen(entry->d_name) + 1;
  struct dirent *copy = malloc(size);
  if (copy == NULL) return -1;
  memcpy(copy, entry, size);
  list->entries[list->count++] = copy;
  return 0;
}

static int collect(DIR *directory, struct list *list, int (*select)(const struct dirent *)) {
  for (;;) {
    errno = 0;
    struct dirent *entry = readdir(directory);
    if (entry == NULL) return errno == 0 ? 0 : -1;
    if (select != NULL && !select(entry)) continue;
    if (add(list, entry) != 0) return -1;
  }
}

static void discard(struct list *list) {
  while (list->count > 0) free(list->entries[--list->count]);
  free(list->entries);
}

int scandir(const char *path, struct dirent ***entries, int (*select)(const struct dirent *),
            int (*compare)(const struct dirent **, const struct dirent **)) {
  DIR *directory = opendir(path);
  if (directory == NULL) return -1;
  struct list list = {0};
  int failed = collect(directory, &list, select);
  int error = errno;
  closedir(directory);
  if (failed != 0) {
    discard(&list);
    errno = error;
    return -1;
  }
  if (compare != NULL && list.count > 1) {
    qsort(list.entries, list.count, sizeof *list.entries,
          (int (*)(const void *, const void *))compare);
  }
  *entries = list.entries;
  return (int)list.count;
}
