#include "sh/line/display.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

#include "lib/transfer.h"
#include "sh/memory/text.h"

enum { USUAL_COLUMNS = 80 };

static size_t terminal_columns(void) {
  struct winsize size;
  if (ioctl(2, TIOCGWINSZ, &size) < 0 || size.ws_col == 0) return USUAL_COLUMNS;
  return size.ws_col;
}

// Escape sequences take no room.
static size_t prompt_columns(const char *prompt) {
  size_t columns = 0;
  while (*prompt != '\0') {
    if (*prompt == '\033') {
      prompt += 1;
      if (*prompt == '[') prompt += 1 + strspn(prompt + 1, "0123456789;?");
      if (*prompt != '\0') prompt += 1;
    } else {
      columns += text_columns(prompt, 1);
      prompt += 1;
    }
  }
  return columns;
}

void display_start(struct display *d, const char *prompt) {
  const char *last = strrchr(prompt, '\n');
  if (last != NULL) write_all(2, prompt, (size_t)(last + 1 - prompt));
  *d = (struct display){.prompt = last == NULL ? prompt : last + 1};
  d->prompt_columns = prompt_columns(d->prompt);
}

static void move(struct text *out, size_t count, char direction) {
  if (count == 0) return;
  text_string(out, "\033[");
  text_number(out, (long long)count);
  text_char(out, direction);
}

void display_refresh(struct display *d, const struct line_buffer *b) {
  struct text out = {NULL, 0, 0, NULL};
  size_t columns = terminal_columns();
  size_t cursor = d->prompt_columns + text_columns(b->text->data, b->cursor);
  size_t end = d->prompt_columns + text_columns(b->text->data, b->text->length);
  move(&out, d->row, 'A');
  text_string(&out, "\r\033[J");
  text_string(&out, d->prompt);
  text_bytes(&out, b->text->data, b->text->length);
  // A terminal goes on to the next row only with the next character.
  if (end > 0 && end % columns == 0) text_string(&out, " \r");
  move(&out, end / columns - cursor / columns, 'A');
  text_char(&out, '\r');
  move(&out, cursor % columns, 'C');
  d->row = cursor / columns;
  write_all(2, out.data, out.length);
  text_free(&out);
}

void display_typed(struct display *d, const struct line_buffer *b, const char *bytes, size_t length) {
  size_t end = d->prompt_columns + text_columns(b->text->data, b->text->length);
  // At the end of the line, and not of the row, the character is all that changes.
  if (b->cursor == b->text->length && end % terminal_columns() != 0) write_all(2, bytes, length);
  else display_refresh(d, b);
}

void display_end(struct display *d, struct line_buffer *b, const char *mark) {
  b->cursor = b->text->length;
  display_refresh(d, b);
  write_all(2, mark, strlen(mark));
  write_all(2, "\r\n", 2);
  d->row = 0;
}

void display_clear(struct display *d) {
  write_all(2, "\033[H\033[2J", 7);
  d->row = 0;
}

void display_bell(void) { write_all(2, "\a", 1); }
