#include "sh/line/complete.h"

#include <string.h>

#include "lib/transfer.h"
#include "sh/line/candidates.h"
#include "sh/memory/arena.h"
#include "sh/memory/text.h"
#include "sh/vars/variable.h"

static const char *const SPECIAL = " \t\n|&;<>()$`\\\"'*?[#~!{}";

static bool ends_word(char c) { return strchr(" \t|&;<>()\"'=", c) != NULL; }

static size_t word_start(const struct line_buffer *b) {
  size_t at = b->cursor;
  const char *data = b->text->data;
  while (at > 0 && (!ends_word(data[at - 1]) || (at > 1 && data[at - 2] == '\\'))) at -= 1;
  return at;
}

// Nothing, or what ends a command, is in front of the word.
static bool is_command(const struct line_buffer *b, size_t start) {
  while (start > 0 && b->text->data[start - 1] == ' ') start -= 1;
  return start == 0 || strchr("|&;(", b->text->data[start - 1]) != NULL;
}

// The word without its backslashes.
static char *unescaped(const struct line_buffer *b, size_t start) {
  struct text word = {NULL, 0, 0, &scratch};
  for (size_t i = start; i < b->cursor; i += 1) {
    if (b->text->data[i] == '\\' && i + 1 < b->cursor) i += 1;
    text_char(&word, b->text->data[i]);
  }
  return text_end(&word);
}

static char *with_home(const char *directory) {
  const char *home = variable_value("HOME");
  struct text path = {NULL, 0, 0, &scratch};
  bool tilde = strncmp(directory, "~/", 2) == 0 && home != NULL;
  if (tilde) text_string(&path, home);
  text_string(&path, tilde ? directory + 1 : directory);
  return text_end(&path);
}

static size_t common_length(const struct candidates *c) {
  size_t length = strlen(c->names[0]);
  for (int i = 1; i < c->count; i += 1) {
    size_t same = 0;
    while (same < length && c->names[i][same] == c->names[0][same]) same += 1;
    length = same;
  }
  return length;
}

// What stands for more than itself gets a backslash.
static void insert(struct line_buffer *b, const char *bytes, size_t length) {
  for (size_t i = 0; i < length; i += 1) {
    if (strchr(SPECIAL, bytes[i]) != NULL) buffer_insert(b, "\\", 1);
    buffer_insert(b, bytes + i, 1);
  }
}

static void list(struct display *d, struct line_buffer *b, const struct candidates *c) {
  size_t cursor = b->cursor;
  display_end(d, b, "");
  struct text out = {NULL, 0, 0, NULL};
  for (int i = 0; i < c->count; i += 1) {
    text_string(&out, c->names[i]);
    text_string(&out, i + 1 < c->count ? "  " : "\r\n");
  }
  write_all(2, out.data, out.length);
  text_free(&out);
  b->cursor = cursor;
}

static void choose(struct display *d, struct line_buffer *b, const struct candidates *c, size_t typed, bool again) {
  if (c->count == 0) {
    display_bell();
    return;
  }
  size_t common = common_length(c);
  if (common > typed) insert(b, c->names[0] + typed, common - typed);
  bool directory = common > 0 && c->names[0][common - 1] == '/';
  if (c->count == 1 && !directory) buffer_insert(b, " ", 1);
  else if (c->count > 1 && again) list(d, b, c);
  else if (c->count > 1 && common <= typed) display_bell();
}

void complete_word(struct display *d, struct line_buffer *b, bool again) {
  struct mark mark = arena_mark(&scratch);
  size_t start = word_start(b);
  char *word = unescaped(b, start);
  char *slash = strrchr(word, '/');
  struct candidates c = {0};
  const char *prefix = slash == NULL ? word : slash + 1;
  if (slash == NULL && is_command(b, start)) {
    candidates_of_commands(prefix, &c);
  } else {
    char *directory = arena_copy(&scratch, word, (size_t)(prefix - word));
    candidates_of_files(with_home(directory), prefix, &c);
  }
  choose(d, b, &c, strlen(prefix), again);
  candidates_free(&c);
  display_refresh(d, b);
  arena_release(&scratch, mark);
}
