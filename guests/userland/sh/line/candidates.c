#include "sh/line/candidates.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sh/builtin/builtins.h"
#include "sh/memory/text.h"
#include "sh/parse/alias.h"
#include "sh/vars/function.h"
#include "sh/vars/variable.h"

static void add(struct candidates *c, const char *name) {
  c->names = shell_resize(c->names, ((size_t)c->count + 1) * sizeof *c->names);
  c->names[c->count] = shell_copy(name);
  c->count += 1;
}

static void add_if(struct candidates *c, const char *name, const char *prefix) {
  if (strncmp(name, prefix, strlen(prefix)) == 0) add(c, name);
}

static int by_bytes(const void *left, const void *right) {
  return strcmp(*(char *const *)left, *(char *const *)right);
}

static void sort(struct candidates *c) {
  int kept = 0;
  if (c->count > 0) qsort(c->names, (size_t)c->count, sizeof *c->names, by_bytes);
  for (int i = 0; i < c->count; i += 1) {
    if (kept > 0 && strcmp(c->names[kept - 1], c->names[i]) == 0) free(c->names[i]);
    else c->names[kept++] = c->names[i];
  }
  c->count = kept;
}

enum wanted { WANT_PROGRAMS, WANT_FILES };

static void add_entry(struct candidates *c, struct text *path, const char *name, enum wanted wanted) {
  struct stat status;
  size_t length = path->length;
  text_string(path, name);
  bool known = stat(text_end(path), &status) == 0;
  bool directory = known && S_ISDIR(status.st_mode);
  if (wanted == WANT_PROGRAMS) {
    if (known && !directory && access(path->data, X_OK) == 0) add(c, name);
  } else {
    struct text shown = {NULL, 0, 0, NULL};
    text_string(&shown, name);
    if (directory) text_char(&shown, '/');
    add(c, text_end(&shown));
    text_free(&shown);
  }
  path->length = length;
}

static void scan(struct candidates *c, struct text *path, const char *prefix, enum wanted wanted) {
  DIR *directory = opendir(path->length == 0 ? "." : text_end(path));
  if (directory == NULL) return;
  for (struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
    const char *name = entry->d_name;
    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0) continue;
    // Hidden files only when they are asked for.
    if (*name == '.' && *prefix != '.') continue;
    if (strncmp(name, prefix, strlen(prefix)) == 0) add_entry(c, path, name, wanted);
  }
  closedir(directory);
}

void candidates_of_files(const char *directory, const char *prefix, struct candidates *c) {
  struct text path = {NULL, 0, 0, NULL};
  text_string(&path, directory);
  scan(c, &path, prefix, WANT_FILES);
  text_free(&path);
  sort(c);
}

static void add_programs(struct candidates *c, const char *prefix) {
  const char *list = variable_value("PATH");
  while (list != NULL && *list != '\0') {
    size_t length = strcspn(list, ":");
    struct text path = {NULL, 0, 0, NULL};
    text_bytes(&path, list, length);
    if (length > 0) text_char(&path, '/');
    scan(c, &path, prefix, WANT_PROGRAMS);
    text_free(&path);
    list += length;
    if (*list == ':') list += 1;
  }
}

void candidates_of_commands(const char *prefix, struct candidates *c) {
  for (int i = 0; builtin_at(i) != NULL; i += 1) add_if(c, builtin_at(i)->name, prefix);
  for (const struct alias *alias = alias_first(); alias != NULL; alias = alias->next) add_if(c, alias->name, prefix);
  for (const struct function *f = function_first(); f != NULL; f = f->next) add_if(c, f->name, prefix);
  add_programs(c, prefix);
  sort(c);
}

void candidates_free(struct candidates *c) {
  for (int i = 0; i < c->count; i += 1) free(c->names[i]);
  free(c->names);
  *c = (struct candidates){0};
}
