#include "sh/expand/marked.h"

#include <string.h>

#include "sh/memory/arena.h"

static void grow(struct marked *marked, size_t more) {
  size_t capacity = marked->capacity * 2 + more + 32;
  char *data = arena_alloc(&scratch, capacity);
  unsigned char *marks = arena_alloc(&scratch, capacity);
  if (marked->length > 0) {
    memcpy(data, marked->data, marked->length);
    memcpy(marks, marked->marks, marked->length);
  }
  marked->data = data;
  marked->marks = marks;
  marked->capacity = capacity;
}

void marked_char(struct marked *marked, char c, unsigned char mark) {
  if (marked->length == marked->capacity) grow(marked, 1);
  marked->data[marked->length] = c;
  marked->marks[marked->length] = mark;
  marked->length += 1;
}

void marked_string(struct marked *marked, const char *string, unsigned char mark) {
  size_t length = strlen(string);
  if (length == 0) return;
  if (marked->length + length > marked->capacity) grow(marked, length);
  memcpy(marked->data + marked->length, string, length);
  memset(marked->marks + marked->length, mark, length);
  marked->length += length;
}

char *marked_text(const struct marked *marked) {
  char *text = arena_alloc(&scratch, marked->length + 1);
  size_t length = 0;
  for (size_t i = 0; i < marked->length; i += 1) {
    if (marked->marks[i] < MARK_BREAK) text[length++] = marked->data[i];
  }
  text[length] = '\0';
  return text;
}

struct pattern marked_pattern(const struct marked *marked) {
  return (struct pattern){marked->data, marked->marks, marked->length};
}
