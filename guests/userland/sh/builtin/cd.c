// cd: CDPATH, -, and PWD kept as the shell came here (-L) or without symbolic links (-P).
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sh/builtin/builtins.h"
#include "sh/builtin/directory.h"
#include "sh/output.h"
#include "sh/shell.h"
#include "sh/vars/variable.h"

static bool set_directories(const char *path) {
  const char *old = variable_value("PWD");
  if (old != NULL && !variable_set("OLDPWD", old)) return false;
  return variable_set("PWD", path);
}

// True: it is the working directory now.
static bool go(const char *path, bool physical) {
  const char *base = variable_value("PWD");
  char *here = NULL;
  if (base == NULL || *base != '/') base = here = directory_now();
  char *target = physical || base == NULL ? NULL : directory_join(base, path);
  bool gone = chdir(target == NULL ? path : target) == 0;
  // By text alone a path may lead nowhere that exists when . has moved: then as it is.
  if (!gone && target != NULL) {
    gone = chdir(path) == 0;
    if (gone) physical = true;
  }
  if (gone && (physical || target == NULL)) {
    free(target);
    target = directory_now();
  }
  if (gone) gone = set_directories(target == NULL ? path : target);
  free(target);
  free(here);
  return gone;
}

// Tries the directories of CDPATH. True: found, and said.
static bool go_by_path(const char *name, bool physical) {
  const char *list = variable_value("CDPATH");
  if (list == NULL || *name == '/' || strncmp(name, "./", 2) == 0 || strncmp(name, "../", 3) == 0) return false;
  if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) return false;
  char *copy = shell_copy(list);
  bool gone = false;
  for (char *at = copy; !gone && at != NULL;) {
    size_t length = strcspn(at, ":");
    char *next = at[length] == '\0' ? NULL : at + length + 1;
    at[length] = '\0';
    struct text path = {NULL, 0, 0, NULL};
    text_string(&path, at);
    if (length > 0) text_char(&path, '/');
    text_string(&path, name);
    gone = go(text_end(&path), physical);
    if (gone && length > 0) output_format("%s\n", variable_value("PWD"));
    text_free(&path);
    at = next;
  }
  free(copy);
  return gone;
}

static int go_back(bool physical) {
  const char *old = variable_value("OLDPWD");
  if (old == NULL) {
    shell_warn("cd: OLDPWD not set");
    return 2;
  }
  char *copy = shell_copy(old);
  bool gone = go(copy, physical);
  if (gone) output_format("%s\n", variable_value("PWD"));
  else shell_warn("cd: can't cd to %s", copy);
  free(copy);
  return gone ? 0 : 2;
}

int cd_main(int argc, char **argv) {
  bool physical = false;
  int i = 1;
  for (; i < argc && argv[i][0] == '-' && argv[i][1] != '\0'; i += 1) {
    if (strcmp(argv[i], "--") == 0) {
      i += 1;
      break;
    }
    if (strspn(argv[i] + 1, "LP") != strlen(argv[i] + 1)) {
      shell_warn("cd: Illegal option %s", argv[i]);
      return 2;
    }
    physical = argv[i][strlen(argv[i]) - 1] == 'P';
  }
  const char *name = i < argc ? argv[i] : variable_value("HOME");
  if (name == NULL) {
    shell_warn("cd: HOME not set");
    return 2;
  }
  if (strcmp(name, "-") == 0) return go_back(physical);
  // Nowhere is here.
  if (*name == '\0') return 0;
  char *copy = shell_copy(name);
  bool gone = go_by_path(copy, physical) || go(copy, physical);
  if (!gone && !shell_stopped()) shell_warn("cd: can't cd to %s: %s", copy, strerror(errno));
  free(copy);
  return gone ? 0 : 2;
}
