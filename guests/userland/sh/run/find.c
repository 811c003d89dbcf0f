#include "sh/run/find.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sh/memory/text.h"
#include "sh/output.h"
#include "sh/vars/variable.h"

struct remembered {
  struct remembered *next;
  char *name;
  char *path;
};

static struct remembered *list;
static char *list_path;  // the PATH that the list is for

void find_forget(void) {
  while (list != NULL) {
    struct remembered *gone = list;
    list = gone->next;
    free(gone->name);
    free(gone->path);
    free(gone);
  }
  free(list_path);
  list_path = NULL;
}

void find_print(void) {
  for (const struct remembered *known = list; known != NULL; known = known->next) {
    output_format("%s\n", known->path);
  }
}

// 0, or why it is not a file that can be executed (or, where that is enough, read).
static int usable(const char *path, bool executable) {
  struct stat status;
  if (stat(path, &status) < 0) return errno;
  if (!executable) return S_ISREG(status.st_mode) && access(path, R_OK) == 0 ? 0 : EACCES;
  return S_ISREG(status.st_mode) && access(path, X_OK) == 0 ? 0 : EACCES;
}

const char *find_in_path(const char *name, const char *path, bool executable) {
  static struct text found = {NULL, 0, 0, NULL};
  int error = ENOENT;
  for (;;) {
    size_t length = strcspn(path, ":");
    found.length = 0;
    text_bytes(&found, path, length);
    if (length > 0) text_char(&found, '/');
    text_string(&found, name);
    int here = usable(text_end(&found), executable);
    if (here == 0) return found.data;
    if (here == EACCES) error = EACCES;
    if (path[length] == '\0') break;
    path += length + 1;
  }
  errno = error;
  return NULL;
}

static void remember(const char *name, const char *path) {
  struct remembered *known = shell_alloc(sizeof *known);
  *known = (struct remembered){list, shell_copy(name), shell_copy(path)};
  list = known;
}

static const char *recall(const char *name, const char *path) {
  if (list_path == NULL || strcmp(list_path, path) != 0) {
    find_forget();
    list_path = shell_copy(path);
    return NULL;
  }
  for (const struct remembered *known = list; known != NULL; known = known->next) {
    if (strcmp(known->name, name) == 0) return usable(known->path, true) == 0 ? known->path : NULL;
  }
  return NULL;
}

const char *find_command(const char *name) {
  if (strchr(name, '/') != NULL) {
    int error = usable(name, true);
    errno = error;
    return error == 0 ? name : NULL;
  }
  const char *path = variable_value("PATH");
  if (path == NULL || *name == '\0') {
    errno = ENOENT;
    return NULL;
  }
  const char *known = recall(name, path);
  if (known != NULL) return known;
  const char *found = find_in_path(name, path, true);
  // A relative path is another file after cd.
  if (found != NULL && *found == '/') remember(name, found);
  return found;
}
