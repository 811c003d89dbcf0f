#include "remove-tree.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ask.h"
#include "message.h"
#include "mode.h"
#include "name-list.h"
#include "path.h"

static bool wants(const char *path, const struct stat *info, const struct removal *how) {
  if (how->interactive) return ask("remove %s '%s'? ", type_name(info->st_mode, info->st_size == 0), path);
  bool writable = S_ISLNK(info->st_mode) || access(path, W_OK) == 0;
  if (how->force || writable || isatty(STDIN_FILENO) == 0) return true;
  return ask("remove write-protected %s '%s'? ", type_name(info->st_mode, info->st_size == 0), path);
}

static bool failed(const char *path) {
  message_errno("cannot remove '%s'", path);
  return false;
}

static bool remove_below(const char *path, const struct removal *how) {
  struct name_list list = {NULL, 0, 0};
  bool good = read_directory(path, &list);
  if (!good) failed(path);
  for (size_t index = 0; index < list.count; index += 1) {
    char *child = join_path(path, list.names[index]);
    good &= remove_path(child, how);
    free(child);
  }
  free_names(&list);
  return good;
}

static bool remove_directory(const char *path, const struct stat *info, const struct removal *how) {
  if (!how->recursive && !how->empty_directories) {
    errno = EISDIR;
    return failed(path);
  }
  if (how->recursive) {
    if (how->interactive && !ask("descend into directory '%s'? ", path)) return true;
    // What could not be removed below has been told.
    if (!remove_below(path, how)) return false;
  }
  if (!wants(path, info, how)) return true;
  if (rmdir(path) != 0) return how->interactive && errno == ENOTEMPTY ? true : failed(path);
  if (how->verbose) printf("removed directory '%s'\n", path);
  return true;
}

bool remove_path(const char *path, const struct removal *how) {
  struct stat info;
  if (lstat(path, &info) != 0) {
    if (how->force && (errno == ENOENT || errno == ENOTDIR)) return true;
    return failed(path);
  }
  if (S_ISDIR(info.st_mode)) return remove_directory(path, &info, how);
  if (!wants(path, &info, how)) return true;
  if (unlink(path) != 0) return failed(path);
  if (how->verbose) printf("removed '%s'\n", path);
  return true;
}
