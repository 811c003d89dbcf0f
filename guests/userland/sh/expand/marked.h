// A text while it is expanded: each byte has a mark that says where it came from, so that no quoting is ever put
// into the text and taken out again.
#ifndef SH_MARKED_H
#define SH_MARKED_H

#include <stdbool.h>
#include <stddef.h>

enum {
  MARK_LITERAL,  // stands in the script without quotes: may be part of a pattern
  MARK_SPLIT,    // came out of an expansion without quotes: may be split too
  MARK_QUOTED,   // means itself
  MARK_BREAK,    // no byte of the text: a field ends here ("$@")
  MARK_EMPTY,    // no byte of the text: there were quotes, so that even an empty field is one
};

// In scratch memory.
struct marked {
  char *data;
  unsigned char *marks;
  size_t length;
  size_t capacity;
};

void marked_char(struct marked *marked, char c, unsigned char mark);
void marked_string(struct marked *marked, const char *string, unsigned char mark);
// The bytes of the text alone, ended by NUL, in scratch memory.
char *marked_text(const struct marked *marked);

// pattern.c. A pattern is a marked text in which quoted bytes mean themselves.
struct pattern {
  const char *data;
  const unsigned char *marks;
  size_t length;
};
struct pattern marked_pattern(const struct marked *marked);
bool marked_has_magic(struct pattern pattern);
bool marked_matches(struct pattern pattern, const char *text, size_t length);

#endif
