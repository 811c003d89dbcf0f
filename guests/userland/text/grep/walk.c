#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/message.h"
#include "lib/path.h"
#include "text/grep/grep.h"

enum { DEEPEST = 256 };

static bool is_in(const struct name_list *globs, const char *name) {
  const char *slash = strrchr(name, '/');
  const char *base = slash == NULL || slash[1] == '\0' ? name : slash + 1;
  for (size_t index = 0; index < globs->count; index += 1) {
    if (fnmatch(globs->names[index], name, 0) == 0 || fnmatch(globs->names[index], base, 0) == 0) return true;
  }
  return false;
}

static bool is_wanted(const struct grep *grep, const char *name) {
  if (is_in(&grep->excluded, name)) return false;
  return grep->included.count == 0 || is_in(&grep->included, name);
}

static void complain(struct grep *grep, const char *name) {
  grep->failed = true;
  if (!grep->silent) message_errno("%s", name);
}

static void walk(struct grep *grep, const char *directory, int depth);

static void enter(struct grep *grep, const char *path, const char *name, int depth) {
  if (is_in(&grep->excluded_directories, name)) return;
  if (depth < DEEPEST) walk(grep, path, depth + 1);
  else {
    errno = ENAMETOOLONG;
    complain(grep, path);
  }
}

static void search_path(struct grep *grep, const char *path) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) complain(grep, path);
  else grep_file(grep, fd, path);
}

static bool is_over(const struct grep *grep) { return grep->quiet && grep->some; }

static void walk(struct grep *grep, const char *directory, int depth) {
  struct name_list list = {NULL, 0, 0};
  if (!read_directory(*directory == '\0' ? "." : directory, &list)) {
    complain(grep, directory);
    return;
  }
  for (size_t index = 0; index < list.count && !is_over(grep); index += 1) {
    struct stat status;
    char *path = *directory == '\0' ? strdup(list.names[index]) : join_path(directory, list.names[index]);
    bool known = path != NULL && (grep->follow ? stat(path, &status) : lstat(path, &status)) == 0;
    if (!known) complain(grep, path == NULL ? directory : path);
    else if (S_ISDIR(status.st_mode)) enter(grep, path, list.names[index], depth);
    // Pipes and devices would be waited for.
    else if (S_ISREG(status.st_mode) && is_wanted(grep, list.names[index])) search_path(grep, path);
    free(path);
  }
  free_names(&list);
}

void grep_operand(struct grep *grep, const char *name) {
  struct stat status;
  if (strcmp(name, "-") == 0) {
    grep_file(grep, 0, grep->label);
    return;
  }
  bool is_there = *name == '\0' || stat(name, &status) == 0;
  bool directory = *name == '\0' || (is_there && S_ISDIR(status.st_mode));
  if (!is_there) {
    complain(grep, name);
  } else if (!directory) {
    if (is_wanted(grep, name)) search_path(grep, name);
  } else if (grep->directories == 'R') {
    enter(grep, name, name, 0);
  } else if (grep->directories == 'r') {
    errno = EISDIR;
    complain(grep, name);
  }
}
