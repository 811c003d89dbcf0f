#include "sh/line/search.h"

#include <string.h>

#include "sh/line/history.h"

struct search {
  struct text wanted;
  int index;  // of the line that is shown, or -1
};

// Looks from `from` to older lines. False: there is none.
static bool look(struct search *s, int from) {
  for (int i = from; i >= 0; i -= 1) {
    if (strstr(history_line(i), text_end(&s->wanted)) == NULL) continue;
    s->index = i;
    return true;
  }
  return false;
}

static void show(struct search *s, struct display *d, struct line_buffer *b) {
  struct text prompt = {NULL, 0, 0, NULL};
  text_string(&prompt, "(reverse-i-search)`");
  text_string(&prompt, text_end(&s->wanted));
  text_string(&prompt, "': ");
  if (s->index >= 0) buffer_set(b, history_line(s->index));
  struct display shown = {text_end(&prompt), text_columns(prompt.data, prompt.length), d->row};
  display_refresh(&shown, b);
  d->row = shown.row;
  text_free(&prompt);
}

static void last_character_off(struct text *text) {
  struct line_buffer b = {text, text->length};
  buffer_remove(&b, buffer_left(&b), NULL);
}

// False: the search has ended.
static bool take_key(struct search *s, const struct key *key) {
  int newest = history_count() - 1;
  bool found = true;
  if (key->kind == KEY_TEXT) {
    text_string(&s->wanted, key->text);
    found = look(s, s->index >= 0 ? s->index : newest);
  } else if (key->kind == KEY_BACKSPACE) {
    last_character_off(&s->wanted);
    found = look(s, newest);
  } else if (key->kind == KEY_SEARCH) {
    found = look(s, s->index >= 0 ? s->index - 1 : newest);
  } else {
    return false;
  }
  if (!found) display_bell();
  return true;
}

struct key search_history(struct display *d, struct line_buffer *b) {
  struct search s = {.index = -1};
  struct text before = {NULL, 0, 0, NULL};
  text_bytes(&before, b->text->data, b->text->length);
  struct key key;
  do {
    show(&s, d, b);
    key = read_key();
  } while (take_key(&s, &key));
  if (key.kind == KEY_CANCEL) {
    buffer_set(b, text_end(&before));
    key.kind = KEY_NONE;
  }
  text_free(&s.wanted);
  text_free(&before);
  display_refresh(d, b);
  return key;
}
