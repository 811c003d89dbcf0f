// A list of texts that grows, such as the names in a directory.
#ifndef LIB_NAME_LIST_H
#define LIB_NAME_LIST_H

#include <dirent.h>
#include <stdbool.h>
#include <stddef.h>

struct name_list {
  char **names;
  size_t count;
  size_t room;
};

// The list owns `name` from here.
void add_name(struct name_list *list, char *name);
void sort_names(struct name_list *list);
void free_names(struct name_list *list);
// The names in a directory without . and .., sorted. False, with errno, when it cannot be read.
bool read_directory(const char *path, struct name_list *list);
// The same, and the directory is still open: one that lists what is open has that too. NULL, with errno.
DIR *read_open_directory(const char *path, struct name_list *list);

#endif
