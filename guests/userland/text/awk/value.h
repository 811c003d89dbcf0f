// Values of awk: numbers, texts, and what came from outside and may be either.
#ifndef TEXT_AWK_VALUE_H
#define TEXT_AWK_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Shared by those who count themselves; never changed. There is a NUL behind it.
struct text {
  unsigned references;
  size_t length;
  char bytes[];
};

enum value_kind {
  VALUE_NONE,    // never set: both 0 and empty
  VALUE_NUMBER,
  VALUE_TEXT,
  VALUE_INPUT,   // from outside: not yet looked at
  VALUE_BOTH,    // from outside, and it looks like a number
};

struct value {
  enum value_kind kind;
  double number;
  struct text *text;
};

struct text *text_new(const char *bytes, size_t length);
struct text *text_empty(void);
static inline struct text *text_keep(struct text *text) {
  text->references += 1;
  return text;
}
void text_drop(struct text *text);

static inline struct value value_number(double number) { return (struct value){VALUE_NUMBER, number, NULL}; }
// These take over the text.
static inline struct value value_text(struct text *text) { return (struct value){VALUE_TEXT, 0, text}; }
static inline struct value value_input(struct text *text) { return (struct value){VALUE_INPUT, 0, text}; }

static inline struct value value_keep(const struct value *value) {
  if (value->text != NULL) value->text->references += 1;
  return *value;
}
static inline void value_drop(struct value *value) {
  if (value->text != NULL) text_drop(value->text);
}

// The number at the start of a text; `*whole` tells whether there is nothing else but blanks.
double number_at_start(const char *text, size_t length, bool *whole);
double value_to_number(struct value *value);
// Looks at what came from outside.
void value_resolve(struct value *value);
bool value_is_true(struct value *value);
// Whole numbers as such, others as the format says.
struct text *number_to_text(double number, const char *format);
// A text of one's own reference.
struct text *value_to_text(const struct value *value, const char *format);

#endif
