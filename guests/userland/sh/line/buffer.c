#include "sh/line/buffer.h"

#include <ctype.h>
#include <string.h>

static bool continues_character(char c) { return ((unsigned char)c & 0xC0) == 0x80; }

void buffer_insert(struct line_buffer *b, const char *bytes, size_t length) {
  struct text *text = b->text;
  size_t behind = text->length - b->cursor;
  for (size_t i = 0; i < length; i += 1) text_char(text, ' ');
  memmove(text->data + b->cursor + length, text->data + b->cursor, behind);
  memcpy(text->data + b->cursor, bytes, length);
  b->cursor += length;
}

void buffer_set(struct line_buffer *b, const char *text) {
  b->text->length = 0;
  text_string(b->text, text);
  b->cursor = b->text->length;
}

void buffer_remove(struct line_buffer *b, size_t there, struct text *killed) {
  size_t start = there < b->cursor ? there : b->cursor;
  size_t end = there < b->cursor ? b->cursor : there;
  struct text *text = b->text;
  if (start == end) return;
  if (killed != NULL) {
    killed->length = 0;
    text_bytes(killed, text->data + start, end - start);
  }
  memmove(text->data + start, text->data + end, text->length - end);
  text->length -= end - start;
  b->cursor = start;
}

size_t buffer_left(const struct line_buffer *b) {
  size_t at = b->cursor;
  while (at > 0) {
    at -= 1;
    if (!continues_character(b->text->data[at])) break;
  }
  return at;
}

size_t buffer_right(const struct line_buffer *b) {
  size_t at = b->cursor;
  if (at < b->text->length) at += 1;
  while (at < b->text->length && continues_character(b->text->data[at])) at += 1;
  return at;
}

// Every byte of a character beyond ASCII counts as a letter.
static bool in_word(const struct line_buffer *b, size_t at) {
  unsigned char c = (unsigned char)b->text->data[at];
  return c >= 0x80 || isalnum(c) || c == '_';
}

size_t buffer_word_left(const struct line_buffer *b) {
  size_t at = b->cursor;
  while (at > 0 && !in_word(b, at - 1)) at -= 1;
  while (at > 0 && in_word(b, at - 1)) at -= 1;
  return at;
}

size_t buffer_word_right(const struct line_buffer *b) {
  size_t at = b->cursor;
  while (at < b->text->length && !in_word(b, at)) at += 1;
  while (at < b->text->length && in_word(b, at)) at += 1;
  return at;
}

size_t buffer_blank_left(const struct line_buffer *b) {
  size_t at = b->cursor;
  while (at > 0 && b->text->data[at - 1] == ' ') at -= 1;
  while (at > 0 && b->text->data[at - 1] != ' ') at -= 1;
  return at;
}

size_t text_columns(const char *bytes, size_t length) {
  size_t columns = 0;
  for (size_t i = 0; i < length; i += 1) columns += !continues_character(bytes[i]);
  return columns;
}
