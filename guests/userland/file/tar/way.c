// The directories above what is extracted. A link among them is followed only where it stays inside.
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/memory.h"
#include "lib/path.h"
#include "tar.h"

// Where everything is extracted to, without links.
static const char *inside(void) {
  static char *path;
  if (path == NULL) path = resolve_path(".", MISSING_NOTHING);
  return path;
}

static bool stays_inside(const char *link) {
  const char *top = inside();
  char *real = resolve_path(link, MISSING_NOTHING);
  size_t length = top == NULL ? 0 : strlen(top);
  if (length == 1) length = 0;
  bool good = real != NULL && top != NULL && strncmp(real, top, length) == 0 && (real[length] == '/' || real[length] == '\0');
  free(real);
  return good;
}

static bool make_step(const char *path) {
  struct stat info;
  if (lstat(path, &info) == 0) {
    if (S_ISDIR(info.st_mode)) return true;
    if (S_ISLNK(info.st_mode) && stays_inside(path) && stat(path, &info) == 0 && S_ISDIR(info.st_mode)) return true;
    errno = S_ISLNK(info.st_mode) ? ELOOP : ENOTDIR;
  } else if (errno == ENOENT && mkdir(path, 0777) == 0) {
    return true;
  }
  tar_errno("%s: Cannot mkdir", path);
  return false;
}

bool make_way(const char *path) {
  char *part = must_copy(path);
  bool good = true;
  for (char *slash = strchr(part, '/'); good && slash != NULL; slash = strchr(slash + 1, '/')) {
    // A slash at the end is no step.
    if (slash[strspn(slash, "/")] == '\0') break;
    *slash = '\0';
    good = make_step(part);
    *slash = '/';
  }
  free(part);
  return good;
}
