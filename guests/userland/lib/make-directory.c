#include "make-directory.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "memory.h"
#include "message.h"
#include "mode.h"
#include "path.h"

static bool make_one(const char *path, void (*made)(const char *path)) {
  mode_t mask = current_umask();
  // Its maker must be able to go on below it.
  umask(mask & ~(mode_t)0300);
  int result = mkdir(path, 0777);
  int error = errno;
  umask(mask);
  if (result == 0) {
    if (made != NULL) made(path);
    return true;
  }
  if (error == EEXIST && is_directory(path)) return true;
  errno = error;
  message_errno("cannot create directory '%s'", path);
  return false;
}

bool make_parents(const char *path, void (*made)(const char *path)) {
  char *part = must_copy(path);
  bool good = true;
  char *at = part;
  while (*at == '/') at += 1;
  while (good && *at != '\0') {
    while (*at != '\0' && *at != '/') at += 1;
    char *end = at;
    while (*at == '/') at += 1;
    // The last part is the path itself.
    if (*at == '\0') break;
    *end = '\0';
    if (!is_directory(part)) good = make_one(part, made);
    *end = '/';
  }
  free(part);
  return good;
}
