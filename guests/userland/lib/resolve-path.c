#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "memory.h"
#include "path.h"

// As many links as Linux follows.
enum { MOST_LINKS = 40 };

static char *fail(int error, char *done, char *rest) {
  free(done);
  free(rest);
  errno = error;
  return NULL;
}

static char *working_directory(void) {
  size_t room = 256;
  for (;;) {
    char *text = must_alloc(room);
    if (getcwd(text, room) != NULL) return text;
    free(text);
    if (errno != ERANGE) return NULL;
    room *= 2;
  }
}

// Takes the first part off `rest`; the part is new memory.
static char *take_part(char **rest) {
  char *start = *rest;
  while (*start == '/') start += 1;
  size_t length = strcspn(start, "/");
  char *part = must_copy_part(start, length);
  char *left = must_copy(start + length);
  free(*rest);
  *rest = left;
  return part;
}

static void go_up(char *done) {
  char *slash = strrchr(done, '/');
  if (slash == done) slash[1] = '\0';
  else *slash = '\0';
}

static bool only_slashes(const char *text) { return text[strspn(text, "/")] == '\0'; }

// Puts what a link says in front of what is left.
static void follow(char **done, char **rest, char *target) {
  char *joined = must_format("%s%s%s", target, **rest == '\0' ? "" : "/", *rest);
  if (target[0] == '/') strcpy(*done, "/");
  free(*rest);
  *rest = joined;
}

// What is the matter with `next`, or 0; `*target` is set when it is a link.
static int look_at(const char *next, const char *rest, enum missing missing, char **target) {
  struct stat info;
  if (lstat(next, &info) != 0) {
    if (errno != ENOENT && errno != ENOTDIR) return errno;
    if (missing == MISSING_ANY) return 0;
    return missing == MISSING_LAST && errno == ENOENT && only_slashes(rest) ? 0 : errno;
  }
  if (S_ISLNK(info.st_mode)) {
    *target = read_link(next);
    return *target == NULL ? errno : 0;
  }
  bool last = rest[0] == '\0';
  return S_ISDIR(info.st_mode) || last || missing == MISSING_ANY ? 0 : ENOTDIR;
}

char *resolve_path(const char *path, enum missing missing) {
  if (path[0] == '\0') return fail(ENOENT, NULL, NULL);
  char *done = path[0] == '/' ? must_copy("/") : working_directory();
  if (done == NULL) return NULL;
  char *rest = must_copy(path);
  int links = 0;
  while (!only_slashes(rest)) {
    char *part = take_part(&rest);
    if (strcmp(part, ".") == 0) {
      free(part);
      continue;
    }
    if (strcmp(part, "..") == 0) {
      free(part);
      go_up(done);
      continue;
    }
    char *next = join_path(done, part);
    free(part);
    char *target = NULL;
    int error = look_at(next, rest, missing, &target);
    if (error == 0 && target != NULL && ++links > MOST_LINKS) error = ELOOP;
    if (error != 0) {
      free(target);
      free(next);
      return fail(error, done, rest);
    }
    if (target != NULL) {
      follow(&done, &rest, target);
      free(target);
      free(next);
    } else {
      free(done);
      done = next;
    }
  }
  free(rest);
  return done;
}
