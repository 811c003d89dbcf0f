// The line while it is edited: text, and a cursor between its characters.
#ifndef SH_LINE_BUFFER_H
#define SH_LINE_BUFFER_H

#include <stdbool.h>
#include <stddef.h>

#include "sh/memory/text.h"

struct line_buffer {
  struct text *text;
  size_t cursor;
};

void buffer_insert(struct line_buffer *b, const char *bytes, size_t length);
void buffer_set(struct line_buffer *b, const char *text);
// Removes what is between the cursor and there, whichever comes first; what it was goes to `killed`, or is lost.
void buffer_remove(struct line_buffer *b, size_t there, struct text *killed);
// Places a character or a word away.
size_t buffer_left(const struct line_buffer *b);
size_t buffer_right(const struct line_buffer *b);
size_t buffer_word_left(const struct line_buffer *b);
size_t buffer_word_right(const struct line_buffer *b);
// Behind the blank in front of the word that ends here, as Ctrl-W takes it.
size_t buffer_blank_left(const struct line_buffer *b);
// Columns that a text takes on the terminal: its characters.
size_t text_columns(const char *bytes, size_t length);

#endif
