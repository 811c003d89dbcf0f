// Which members are meant, and what they are called here.
#include <fnmatch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/memory.h"
#include "lib/message.h"
#include "tar.h"

static bool matches_anywhere(const char *pattern, const char *path) {
  for (;;) {
    if (fnmatch(pattern, path, FNM_LEADING_DIR) == 0) return true;
    path = strchr(path, '/');
    if (path == NULL) return false;
    path += 1;
  }
}

bool is_excluded_member(const char *path) {
  for (size_t index = 0; index < tar_job.excluded.count; index += 1) {
    if (matches_anywhere(tar_job.excluded.names[index], path)) return true;
  }
  return false;
}

// The operand itself, or something below it.
static bool asks_for(const char *operand, const char *path) {
  if (tar_job.wildcards && fnmatch(operand, path, FNM_LEADING_DIR) == 0) return true;
  size_t length = strlen(operand);
  while (length > 1 && operand[length - 1] == '/') length -= 1;
  return strncmp(operand, path, length) == 0 && (path[length] == '\0' || path[length] == '/');
}

bool is_wanted_member(const char *path) {
  if (is_excluded_member(path)) return false;
  if (tar_job.operand_count == 0) return true;
  bool wanted = false;
  for (size_t index = 0; index < tar_job.operand_count; index += 1) {
    if (!asks_for(tar_job.operands[index].name, path)) continue;
    tar_job.operands[index].used = true;
    wanted = true;
  }
  return wanted;
}

void tell_stripped(const char *prefix, const char *what) {
  static char told[2][64];
  char *last = told[strcmp(what, "member names") == 0 ? 0 : 1];
  if (*prefix == '\0' || strcmp(last, prefix) == 0) return;
  snprintf(last, sizeof told[0], "%s", prefix);
  message("Removing leading `%s' from %s", prefix, what);
}

static bool has_dot_dot(const char *path) {
  while (*path != '\0') {
    size_t length = strcspn(path, "/");
    if (length == 2 && path[0] == '.' && path[1] == '.') return true;
    path += length;
    while (*path == '/') path += 1;
  }
  return false;
}

// Behind the first `count` parts, or NULL when there are no more.
static const char *behind_parts(const char *path, int64_t count) {
  while (*path == '/') path += 1;
  for (; count > 0; count -= 1) {
    path += strcspn(path, "/");
    while (*path == '/') path += 1;
  }
  return *path == '\0' ? NULL : path;
}

char *safe_member_name(const char *path, const char *what, int64_t strip) {
  if (has_dot_dot(path)) {
    tar_error("%s: Member name contains '..', skipping", path);
    return NULL;
  }
  const char *start = path;
  while (*start == '/') start += 1;
  if (start > path) tell_stripped("/", what);
  const char *rest = strip > 0 ? behind_parts(start, strip) : *start == '\0' ? "." : start;
  return rest == NULL ? NULL : must_copy(rest);
}
