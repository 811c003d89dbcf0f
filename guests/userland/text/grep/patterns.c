#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/message.h"
#include "text/grep/grep.h"

static bool add_one(struct patterns *patterns, const char *text, size_t length, int flags) {
  const char *why = "";
  struct pattern *pattern = pattern_new(text, length, flags, &why);
  if (pattern == NULL) {
    message("%s", why);
    return false;
  }
  if ((patterns->count & (patterns->count - 1)) == 0) {
    size_t size = patterns->count == 0 ? 1 : patterns->count * 2;
    patterns->list = must_grow(patterns->list, size, sizeof *patterns->list);
  }
  patterns->list[patterns->count++] = pattern;
  return true;
}

bool patterns_add(struct patterns *patterns, const char *text, size_t length, int flags) {
  const char *end = text + length;
  for (;;) {
    const char *newline = memchr(text, '\n', (size_t)(end - text));
    const char *stop = newline == NULL ? end : newline;
    if (!add_one(patterns, text, (size_t)(stop - text), flags)) return false;
    if (newline == NULL) return true;
    text = newline + 1;
  }
}

void patterns_free(struct patterns *patterns) {
  for (size_t index = 0; index < patterns->count; index += 1) pattern_free(patterns->list[index]);
  free(patterns->list);
  patterns->list = NULL;
}

static bool is_word(char byte) { return isalnum((unsigned char)byte) || byte == '_'; }

static bool is_alone(const char *text, size_t length, const struct span *span) {
  if (span->start > 0 && is_word(text[span->start - 1])) return false;
  return span->end == (ptrdiff_t)length || !is_word(text[span->end]);
}

// A match that starts where `span` does and is no part of a word: the longest, by trying shorter texts.
static bool shorten(struct pattern *pattern, char *text, size_t length, struct span *span) {
  ptrdiff_t start = span->start;
  while (span->end > start) {
    size_t shorter = (size_t)span->end - 1;
    char kept = text[shorter];
    text[shorter] = '\0';
    bool found = pattern_find(pattern, text, shorter, (size_t)start, span, 1);
    text[shorter] = kept;
    if (!found || span->start != start) return false;
    if (is_alone(text, length, span)) return true;
  }
  return false;
}

static bool find_word(struct pattern *pattern, char *text, size_t length, size_t from, struct span *span) {
  while (from <= length && pattern_find(pattern, text, length, from, span, 1)) {
    ptrdiff_t start = span->start;
    if (is_alone(text, length, span) || shorten(pattern, text, length, span)) return true;
    from = (size_t)start + 1;
  }
  return false;
}

static bool find_one(const struct patterns *patterns, struct pattern *pattern, char *text, size_t length,
                     size_t from, struct span *span) {
  if (patterns->whole_line) {
    // The longest match at the start is the whole line, or none is.
    if (from > 0 || !pattern_find(pattern, text, length, 0, span, 1)) return false;
    return span->start == 0 && span->end == (ptrdiff_t)length;
  }
  if (patterns->word) return find_word(pattern, text, length, from, span);
  return pattern_find(pattern, text, length, from, span, span == NULL ? 0 : 1);
}

static bool is_better(const struct span *one, const struct span *other) {
  return one->start < other->start || (one->start == other->start && one->end > other->end);
}

bool patterns_find(const struct patterns *patterns, char *text, size_t length, size_t from, struct span *span) {
  struct span own;
  bool places = span != NULL || patterns->word || patterns->whole_line;
  bool some = false;
  for (size_t index = 0; index < patterns->count; index += 1) {
    if (!find_one(patterns, patterns->list[index], text, length, from, places ? &own : NULL)) continue;
    if (span == NULL) return true;
    if (!some || is_better(&own, span)) *span = own;
    some = true;
  }
  return some;
}
