#include "pattern.h"

#include <ctype.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "memory.h"
#include "pattern-emit.h"
#include "pattern-tokens.h"

struct pattern {
  int flags;
  size_t groups;
  // All of the pattern, or what each match has in it; empty when there is no such piece.
  struct bytes literal;
  bool is_literal;
  regex_t regex;
  bool has_regex;
  // The same with a byte in front, for searches that go on within a subject.
  regex_t inner;
  bool has_inner;
};

const char *find_bytes(const char *bytes, size_t length, const char *needle, size_t needle_length) {
  if (needle_length == 0) return bytes;
  const char *end = bytes + length;
  while ((size_t)(end - bytes) >= needle_length) {
    size_t room = (size_t)(end - bytes) - needle_length + 1;
    bytes = memchr(bytes, *needle, room);
    if (bytes == NULL) return NULL;
    if (memcmp(bytes, needle, needle_length) == 0) return bytes;
    bytes += 1;
  }
  return NULL;
}

static const char *find_ignoring_case(const char *bytes, size_t length, const struct bytes *needle) {
  for (size_t at = 0; at + needle->length <= length; at += 1) {
    size_t same = 0;
    while (same < needle->length &&
           tolower((unsigned char)bytes[at + same]) == (unsigned char)needle->data[same]) same += 1;
    if (same == needle->length) return bytes + at;
  }
  return NULL;
}

static bool compile(regex_t *regex, const struct tokens *tokens, bool in_front, int flags,
                    const char **why) {
  static char text[128];
  struct bytes source = BYTES_NONE;
  tokens_emit(tokens, in_front, &source);
  int how = tokens->has_back ? 0 : REG_EXTENDED;
  if ((flags & PATTERN_IGNORE_CASE) != 0) how |= REG_ICASE;
  if ((flags & PATTERN_LINES) != 0) how |= REG_NEWLINE;
  int error = strlen(source.data) == source.length ? regcomp(regex, source.data, how) : REG_BADPAT;
  bytes_free(&source);
  if (error == 0) return true;
  if (regerror(error, regex, text, sizeof text) > 0) *why = text;
  return false;
}

static bool prepare(struct pattern *pattern, const struct tokens *tokens, const char **why) {
  pattern->groups = tokens->groups;
  pattern->is_literal = tokens_literal(tokens, &pattern->literal);
  if (pattern->is_literal) return true;
  pattern->has_regex = compile(&pattern->regex, tokens, false, pattern->flags, why);
  if (!pattern->has_regex) return false;
  if (!tokens->has_word_edge) return true;
  pattern->has_inner = compile(&pattern->inner, tokens, true, pattern->flags, why);
  return pattern->has_inner;
}

struct pattern *pattern_new(const char *text, size_t length, int flags, const char **why) {
  struct pattern *pattern = must_alloc(sizeof *pattern);
  *pattern = (struct pattern){.flags = flags, .literal = BYTES_NONE};
  if ((flags & PATTERN_LITERAL) != 0) {
    bytes_add(&pattern->literal, text, length);
    pattern->is_literal = true;
  } else {
    struct tokens tokens;
    bool good = tokens_parse(&tokens, text, length, (flags & PATTERN_EXTENDED) != 0, why);
    if (good) {
      good = prepare(pattern, &tokens, why);
      tokens_free(&tokens);
    }
    if (!good) {
      pattern_free(pattern);
      return NULL;
    }
  }
  if ((flags & PATTERN_IGNORE_CASE) != 0) {
    for (size_t at = 0; at < pattern->literal.length; at += 1) {
      pattern->literal.data[at] = (char)tolower((unsigned char)pattern->literal.data[at]);
    }
  }
  return pattern;
}

void pattern_free(struct pattern *pattern) {
  if (pattern == NULL) return;
  if (pattern->has_regex) regfree(&pattern->regex);
  if (pattern->has_inner) regfree(&pattern->inner);
  bytes_free(&pattern->literal);
  free(pattern);
}

size_t pattern_groups(const struct pattern *pattern) { return pattern->groups; }

static const char *find_literal(const struct pattern *pattern, const char *at, size_t length) {
  const struct bytes *literal = &pattern->literal;
  if ((pattern->flags & PATTERN_IGNORE_CASE) != 0) return find_ignoring_case(at, length, literal);
  return find_bytes(at, length, literal->data, literal->length);
}

static void set_spans(struct span *spans, size_t count, const regmatch_t *matches, ptrdiff_t offset) {
  for (size_t index = 0; index < count; index += 1) {
    bool part = index < PATTERN_GROUPS && matches[index].rm_so >= 0;
    spans[index].start = part ? matches[index].rm_so + offset : -1;
    spans[index].end = part ? matches[index].rm_eo + offset : -1;
  }
}

static bool run_inner(struct pattern *pattern, const char *subject, size_t from, int flags,
                      struct span *spans, size_t count) {
  regmatch_t matches[PATTERN_GROUPS + GROUPS_IN_FRONT];
  size_t wanted = count == 0 ? 0 : PATTERN_GROUPS + GROUPS_IN_FRONT;
  if (regexec(&pattern->inner, subject + from - 1, wanted, matches, flags) != 0) return false;
  set_spans(spans, count, matches + GROUPS_IN_FRONT, (ptrdiff_t)from - 1);
  return true;
}

// In a piece without NUL that ends with one.
static bool run(struct pattern *pattern, const char *subject, size_t from, int flags,
                struct span *spans, size_t count) {
  regmatch_t matches[PATTERN_GROUPS];
  bool after_newline = from > 0 && subject[from - 1] == '\n' && (pattern->flags & PATTERN_LINES) != 0;
  if (from > 0 && !after_newline) flags |= REG_NOTBOL;
  if (from > 0 && pattern->has_inner && subject[from - 1] != '\0' && !after_newline) {
    return run_inner(pattern, subject, from, flags, spans, count);
  }
  size_t wanted = count < PATTERN_GROUPS ? count : PATTERN_GROUPS;
  if (regexec(&pattern->regex, subject + from, wanted, matches, flags) != 0) return false;
  for (size_t index = wanted; index < PATTERN_GROUPS; index += 1) matches[index].rm_so = -1;
  set_spans(spans, count, matches, (ptrdiff_t)from);
  return true;
}

bool pattern_find(struct pattern *pattern, const char *subject, size_t length, size_t from,
                  struct span *spans, size_t count) {
  if (from > length) return false;
  if (pattern->is_literal || pattern->literal.length > 0) {
    const char *found = find_literal(pattern, subject + from, length - from);
    if (found == NULL) return false;
    if (pattern->is_literal) {
      for (size_t index = 1; index < count; index += 1) spans[index] = (struct span){-1, -1};
      if (count > 0) spans[0].start = found - subject;
      if (count > 0) spans[0].end = spans[0].start + (ptrdiff_t)pattern->literal.length;
      return true;
    }
  }
  // regexec ends at a NUL: what is between two of them is searched piece by piece.
  for (;;) {
    const char *zero = memchr(subject + from, '\0', length - from);
    int flags = zero == NULL ? 0 : REG_NOTEOL;
    if (run(pattern, subject, from, flags, spans, count)) return true;
    if (zero == NULL) return false;
    from = (size_t)(zero - subject) + 1;
  }
}
