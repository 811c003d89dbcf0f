#include "sh/builtin/directory.h"

#include <stddef.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sh/memory/text.h"

char *directory_now(void) { return getcwd(NULL, 0); }

static bool has_dots(const char *path) {
  for (const char *part = path; part != NULL; part = strchr(part, '/')) {
    while (*part == '/') part += 1;
    size_t length = strcspn(part, "/");
    if ((length == 1 && part[0] == '.') || (length == 2 && part[0] == '.' && part[1] == '.')) return true;
  }
  return false;
}

bool directory_is_here(const char *path) {
  struct stat named, here;
  if (*path != '/' || has_dots(path)) return false;
  if (stat(path, &named) < 0 || stat(".", &here) < 0) return false;
  return named.st_dev == here.st_dev && named.st_ino == here.st_ino;
}

static void drop_last(struct text *text) {
  while (text->length > 0 && text->data[text->length - 1] != '/') text->length -= 1;
  if (text->length > 0) text->length -= 1;
}

static void append(struct text *text, const char *path) {
  while (*path != '\0') {
    while (*path == '/') path += 1;
    size_t length = strcspn(path, "/");
    if (length == 2 && path[0] == '.' && path[1] == '.') {
      drop_last(text);
    } else if (length > 0 && !(length == 1 && path[0] == '.')) {
      text_char(text, '/');
      text_bytes(text, path, length);
    }
    path += length;
  }
}

char *directory_join(const char *base, const char *path) {
  struct text text = {NULL, 0, 0, NULL};
  if (*path != '/') append(&text, base);
  append(&text, path);
  if (text.length == 0) text_char(&text, '/');
  return text_end(&text);
}
