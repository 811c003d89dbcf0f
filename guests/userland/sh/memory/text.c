#include "sh/memory/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void reserve(struct text *text, size_t more) {
  size_t needed = text->length + more + 1;
  if (needed <= text->capacity) return;
  size_t capacity = text->capacity < 32 ? 64 : text->capacity * 2;
  if (capacity < needed) capacity = needed;
  if (text->arena == NULL) {
    text->data = shell_resize(text->data, capacity);
  } else {
    char *data = arena_alloc(text->arena, capacity);
    if (text->length > 0) memcpy(data, text->data, text->length);
    text->data = data;
  }
  text->capacity = capacity;
}

void text_char(struct text *text, char c) {
  if (text->length + 1 >= text->capacity) reserve(text, 1);
  text->data[text->length++] = c;
}

void text_bytes(struct text *text, const char *bytes, size_t length) {
  if (length == 0) return;
  reserve(text, length);
  memcpy(text->data + text->length, bytes, length);
  text->length += length;
}

void text_string(struct text *text, const char *string) { text_bytes(text, string, strlen(string)); }

void text_number(struct text *text, long long number) {
  char digits[24];
  text_bytes(text, digits, (size_t)snprintf(digits, sizeof digits, "%lld", number));
}

void text_quoted(struct text *text, const char *string) {
  text_char(text, '\'');
  for (; *string != '\0'; string += 1) {
    if (*string == '\'') text_string(text, "'\\''");
    else text_char(text, *string);
  }
  text_char(text, '\'');
}

char *text_end(struct text *text) {
  reserve(text, 0);
  text->data[text->length] = '\0';
  return text->data;
}

void text_free(struct text *text) {
  if (text->arena == NULL) free(text->data);
  *text = (struct text){NULL, 0, 0, text->arena};
}
