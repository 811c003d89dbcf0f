// Pathnames that match a pattern, in the order of their bytes.
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sh/expand/expand.h"
#include "sh/memory/text.h"

struct walk {
  struct text path;  // what is found so far
  struct fields *fields;
};

static size_t component_length(struct pattern pattern) {
  size_t length = 0;
  while (length < pattern.length && (pattern.data[length] != '/' || pattern.marks[length] >= MARK_BREAK)) length += 1;
  return length;
}

static struct pattern behind(struct pattern pattern, size_t length) {
  return (struct pattern){pattern.data + length, pattern.marks + length, pattern.length - length};
}

static void walk_on(struct walk *walk, struct pattern pattern);

// A component without magic is taken as it stands; a backslash out of an expansion quotes.
static void append_literal(struct walk *walk, struct pattern pattern) {
  for (size_t i = 0; i < pattern.length; i += 1) {
    if (pattern.marks[i] >= MARK_BREAK) continue;
    if (pattern.data[i] == '\\' && pattern.marks[i] < MARK_QUOTED && i + 1 < pattern.length) i += 1;
    text_char(&walk->path, pattern.data[i]);
  }
}

static bool hidden_fits(struct pattern pattern, const char *name) {
  if (*name != '.') return true;
  size_t first = 0;
  while (first < pattern.length && pattern.marks[first] >= MARK_BREAK) first += 1;
  return first < pattern.length && pattern.data[first] == '.';
}

static void walk_directory(struct walk *walk, struct pattern component, struct pattern rest) {
  size_t length = walk->path.length;
  DIR *directory = opendir(length == 0 ? "." : text_end(&walk->path));
  if (directory == NULL) return;
  for (struct dirent *entry = readdir(directory); entry != NULL; entry = readdir(directory)) {
    const char *name = entry->d_name;
    if (!hidden_fits(component, name) || !marked_matches(component, name, strlen(name))) continue;
    text_string(&walk->path, name);
    walk_on(walk, rest);
    walk->path.length = length;
  }
  closedir(directory);
}

static void walk_on(struct walk *walk, struct pattern pattern) {
  size_t before = walk->path.length;
  while (pattern.length > 0) {
    size_t length = component_length(pattern);
    struct pattern component = {pattern.data, pattern.marks, length};
    if (marked_has_magic(component)) {
      walk_directory(walk, component, behind(pattern, length));
      walk->path.length = before;
      return;
    }
    append_literal(walk, component);
    pattern = behind(pattern, length);
    while (pattern.length > 0 && pattern.data[0] == '/' && pattern.marks[0] < MARK_BREAK) {
      text_char(&walk->path, '/');
      pattern = behind(pattern, 1);
    }
  }
  struct stat status;
  const char *path = text_end(&walk->path);
  if (lstat(path, &status) == 0) fields_add(walk->fields, arena_copy(&scratch, path, walk->path.length));
  walk->path.length = before;
}

static int by_bytes(const void *left, const void *right) {
  return strcmp(*(char *const *)left, *(char *const *)right);
}

bool expand_pathnames(struct pattern pattern, struct fields *fields) {
  size_t before = fields->count;
  struct walk walk = {.fields = fields};
  walk_on(&walk, pattern);
  text_free(&walk.path);
  if (fields->count == before) return false;
  qsort(fields->items + before, fields->count - before, sizeof *fields->items, by_bytes);
  return true;
}
