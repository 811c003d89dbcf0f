// Patterns: * ? [...] with ranges and classes, byte by byte as in the POSIX locale.
#include <ctype.h>
#include <string.h>

#include "sh/expand/marked.h"

static bool is_active(struct pattern p, size_t at, char c) {
  return at < p.length && p.data[at] == c && p.marks[at] < MARK_QUOTED;
}

static bool in_class(const char *name, size_t length, int c) {
  static const struct {
    const char *name;
    int (*contains)(int);
  } classes[] = {
    {"alnum", isalnum}, {"alpha", isalpha}, {"blank", isblank}, {"cntrl", iscntrl},
    {"digit", isdigit}, {"graph", isgraph}, {"lower", islower}, {"print", isprint},
    {"punct", ispunct}, {"space", isspace}, {"upper", isupper}, {"xdigit", isxdigit},
  };
  for (size_t i = 0; i < sizeof classes / sizeof *classes; i += 1) {
    if (strlen(classes[i].name) == length && memcmp(classes[i].name, name, length) == 0) {
      return classes[i].contains(c) != 0;
    }
  }
  return false;
}

// [:name:] at `at`: where it ends, or 0 when it is none.
static size_t class_end(struct pattern p, size_t at) {
  if (!is_active(p, at, '[') || !is_active(p, at + 1, ':')) return 0;
  for (size_t end = at + 2; end + 1 < p.length && p.data[end] != '/'; end += 1) {
    if (is_active(p, end, ':') && is_active(p, end + 1, ']')) return end;
  }
  return 0;
}

// One byte of a bracket expression; a backslash that came out of an expansion quotes.
static unsigned char take_byte(struct pattern p, size_t *at) {
  if (is_active(p, *at, '\\') && *at + 1 < p.length) *at += 1;
  return (unsigned char)p.data[(*at)++];
}

// The bracket expression at `at` (behind its [). Returns where it ends, or 0: there is no ] and [ means itself.
static size_t match_bracket(struct pattern p, size_t at, unsigned char c, bool *matched) {
  bool negated = is_active(p, at, '!') || is_active(p, at, '^');
  bool found = false;
  if (negated) at += 1;
  for (bool first = true; at < p.length; first = false) {
    if (is_active(p, at, ']') && !first) {
      *matched = found != negated;
      return at + 1;
    }
    size_t end = class_end(p, at);
    if (end != 0) {
      found = found || in_class(p.data + at + 2, end - at - 2, c);
      at = end + 2;
      continue;
    }
    unsigned char low = take_byte(p, &at);
    unsigned char high = low;
    if (is_active(p, at, '-') && at + 1 < p.length && !is_active(p, at + 1, ']')) {
      at += 1;
      high = take_byte(p, &at);
    }
    found = found || (low <= c && c <= high);
  }
  return 0;
}

// One element of the pattern against one byte: where the pattern goes on, or 0.
static size_t match_one(struct pattern p, size_t at, unsigned char c) {
  if (is_active(p, at, '?')) return at + 1;
  if (is_active(p, at, '[')) {
    bool matched = false;
    size_t end = match_bracket(p, at + 1, c, &matched);
    if (end != 0) return matched ? end : 0;
  }
  return take_byte(p, &at) == c ? at : 0;
}

// Skips what is not of the text (quotes of nothing).
static size_t skip_empty(struct pattern p, size_t at) {
  while (at < p.length && p.marks[at] >= MARK_BREAK) at += 1;
  return at;
}

bool marked_matches(struct pattern p, const char *text, size_t length) {
  size_t at = 0, i = 0;
  size_t star = 0, from = 0;  // behind the last *, and where it was tried
  bool starred = false;
  for (;;) {
    at = skip_empty(p, at);
    if (is_active(p, at, '*')) {
      at += 1;
      star = at;
      from = i;
      starred = true;
      continue;
    }
    if (i == length && at == p.length) return true;
    size_t next = i < length && at < p.length ? match_one(p, at, (unsigned char)text[i]) : 0;
    if (next != 0) {
      at = next;
      i += 1;
      continue;
    }
    if (!starred || from >= length) return false;
    from += 1;
    at = star;
    i = from;
  }
}

// A [ that nothing closes means itself: the command [ must not have a directory read.
bool marked_has_magic(struct pattern p) {
  bool bracket = false;
  for (size_t i = 0; i < p.length; i += 1) {
    if (p.marks[i] >= MARK_QUOTED) continue;
    if (p.data[i] == '*' || p.data[i] == '?' || (p.data[i] == ']' && bracket)) return true;
    if (p.data[i] == '[') bracket = true;
  }
  return false;
}
