// A text that grows: in an arena, or, without one, in memory of its own that text_free gives back.
#ifndef SH_TEXT_H
#define SH_TEXT_H

#include <stddef.h>

#include "sh/memory/arena.h"

struct text {
  char *data;
  size_t length;
  size_t capacity;
  struct arena *arena;
};

void text_char(struct text *text, char c);
void text_bytes(struct text *text, const char *bytes, size_t length);
void text_string(struct text *text, const char *string);
void text_number(struct text *text, long long number);
// In single quotes, so that the shell reads it back as one word.
void text_quoted(struct text *text, const char *string);
// The text, ended by a NUL that is not counted. It stays the text's own.
char *text_end(struct text *text);
void text_free(struct text *text);

#endif
