#include "name-list.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"

void add_name(struct name_list *list, char *name) {
  if (list->count == list->room) {
    list->room = list->room == 0 ? 16 : list->room * 2;
    list->names = must_realloc(list->names, list->room * sizeof *list->names);
  }
  list->names[list->count] = name;
  list->count += 1;
}

static int compare(const void *left, const void *right) {
  return strcmp(*(char *const *)left, *(char *const *)right);
}

void sort_names(struct name_list *list) {
  if (list->count > 1) qsort(list->names, list->count, sizeof *list->names, compare);
}

void free_names(struct name_list *list) {
  for (size_t index = 0; index < list->count; index += 1) free(list->names[index]);
  free(list->names);
  *list = (struct name_list){NULL, 0, 0};
}

DIR *read_open_directory(const char *path, struct name_list *list) {
  DIR *directory = opendir(path);
  if (directory == NULL) return NULL;
  struct dirent *entry;
  errno = 0;
  while ((entry = readdir(directory)) != NULL) {
    if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0) {
      add_name(list, must_copy(entry->d_name));
    }
    errno = 0;
  }
  int error = errno;
  sort_names(list);
  if (error == 0) return directory;
  closedir(directory);
  errno = error;
  return NULL;
}

bool read_directory(const char *path, struct name_list *list) {
  DIR *directory = read_open_directory(path, list);
  if (directory == NULL) return false;
  closedir(directory);
  return true;
}
