#include "path.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "memory.h"

char *join_path(const char *directory, const char *name) {
  size_t length = strlen(directory);
  if (length == 0) return must_copy(name);
  const char *between = directory[length - 1] == '/' ? "" : "/";
  return must_format("%s%s%s", directory, between, name);
}

static size_t without_slashes(const char *path) {
  size_t length = strlen(path);
  while (length > 1 && path[length - 1] == '/') length -= 1;
  return length;
}

char *base_name(const char *path) {
  size_t end = without_slashes(path);
  size_t start = end;
  while (start > 0 && path[start - 1] != '/') start -= 1;
  if (start == end && end > 0) return must_copy("/");
  return must_copy_part(path + start, end - start);
}

char *directory_name(const char *path) {
  size_t end = without_slashes(path);
  while (end > 0 && path[end - 1] != '/') end -= 1;
  if (end == 0) return must_copy(path[0] == '/' ? "/" : ".");
  while (end > 1 && path[end - 1] == '/') end -= 1;
  return must_copy_part(path, end);
}

bool is_dot_or_dot_dot(const char *name) {
  return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

bool is_directory(const char *path) {
  struct stat info;
  return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

char *read_link(const char *path) {
  size_t room = 256;
  for (;;) {
    char *text = must_alloc(room);
    ssize_t length = readlink(path, text, room);
    if (length < 0) {
      int error = errno;
      free(text);
      errno = error;
      return NULL;
    }
    if ((size_t)length < room) {
      text[length] = '\0';
      return text;
    }
    free(text);
    room *= 2;
  }
}

char *path_in(const char *directory, const char *source) {
  char *name = base_name(source);
  char *path = join_path(directory, name);
  free(name);
  return path;
}
