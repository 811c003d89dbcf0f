// Regular expressions over bytes: basic and extended ones as POSIX has them, with the additions of GNU
// (\+ \? \| in basic ones, \w \W \s \S \b \B \< \>, \t \n …, back-references in extended ones).
//
// They are translated into what the C library's regcomp takes everywhere, searched for as plain bytes
// where they are no more than that, and only tried where a piece that must be there is there.
#ifndef LIB_PATTERN_H
#define LIB_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

enum {
  PATTERN_EXTENDED = 1,
  PATTERN_IGNORE_CASE = 2,
  PATTERN_LINES = 4,    // ^ and $ also match at newlines
  PATTERN_LITERAL = 8,  // no regular expression at all
};

// From the first byte of a match to behind its last; both -1 where a group took no part.
struct span {
  ptrdiff_t start;
  ptrdiff_t end;
};

enum { PATTERN_GROUPS = 10 };

struct pattern;

// NULL, and `*why` says why, when it is none.
struct pattern *pattern_new(const char *text, size_t length, int flags, const char **why);
void pattern_free(struct pattern *pattern);
// How many groups it has.
size_t pattern_groups(const struct pattern *pattern);
// The leftmost longest match that starts at `from` or later. There must be a NUL behind `subject`.
bool pattern_find(struct pattern *pattern, const char *subject, size_t length, size_t from,
                  struct span *spans, size_t count);

// The first `needle` in `length` bytes, or NULL.
const char *find_bytes(const char *bytes, size_t length, const char *needle, size_t needle_length);

#endif
