#include <ctype.h>
#include <string.h>

#include "lib/array.h"
#include "lib/message.h"
#include "text/sort/sort.h"

bool sort_set_ordering(struct ordering *ordering, char letter, bool at_end) {
  switch (letter) {
    case 'b':
      if (at_end) ordering->skip_end = true;
      else ordering->skip_start = true;
      return true;
    case 'd': ordering->dictionary = true; return true;
    case 'f': ordering->fold = true; return true;
    case 'g': ordering->order = ORDER_GENERAL; return true;
    case 'h': ordering->order = ORDER_HUMAN; return true;
    case 'i': ordering->printable = true; return true;
    case 'M': ordering->order = ORDER_MONTH; return true;
    case 'n': ordering->order = ORDER_NUMERIC; return true;
    case 'r': ordering->reverse = true; return true;
    case 'V': ordering->order = ORDER_VERSION; return true;
    default: return false;
  }
}

bool sort_has_ordering(const struct ordering *ordering) {
  return ordering->order != ORDER_TEXT || ordering->reverse || ordering->fold || ordering->dictionary ||
         ordering->printable || ordering->skip_start || ordering->skip_end;
}

// Digits at `*text`; a number too large is the largest.
static bool number(const char **text, size_t *value) {
  if (!isdigit((unsigned char)**text)) return false;
  *value = 0;
  for (; isdigit((unsigned char)**text); *text += 1) {
    size_t digit = (size_t)(**text - '0');
    *value = *value > (SIZE_MAX / 2 - digit) / 10 ? SIZE_MAX / 2 : *value * 10 + digit;
  }
  return true;
}

static void letters(struct ordering *ordering, const char **text, bool at_end) {
  while (sort_set_ordering(ordering, **text, at_end)) *text += 1;
}

// F[.C][LETTERS][,F[.C][LETTERS]]
static const char *read_positions(struct key *key, const char *text) {
  if (!number(&text, &key->start_field)) return "invalid number at field start";
  if (key->start_field-- == 0) return "field number is zero";
  if (*text == '.') {
    text += 1;
    if (!number(&text, &key->start_character)) return "invalid number after '.'";
    if (key->start_character-- == 0) return "character offset is zero";
  }
  letters(&key->ordering, &text, false);
  if (*text == ',') {
    text += 1;
    if (!number(&text, &key->end_field)) return "invalid number after ','";
    if (key->end_field-- == 0) return "field number is zero";
    if (*text == '.') {
      text += 1;
      if (!number(&text, &key->end_character)) return "invalid number after '.'";
    }
    letters(&key->ordering, &text, true);
  }
  return *text == '\0' ? NULL : "stray character in field spec";
}

bool sort_read_key(struct sort *sort, const char *text) {
  struct key key = {.end_field = SIZE_MAX};
  const char *why = read_positions(&key, text);
  if (why != NULL) {
    message("%s: invalid field specification '%s'", why, text);
    return false;
  }
  sort->keys = must_grow(sort->keys, sort->key_count + 1, sizeof *sort->keys);
  sort->keys[sort->key_count++] = key;
  return true;
}

static const char *skip_blanks(const char *at, const char *end) {
  while (at < end && (isblank((unsigned char)*at) || *at == '\n')) at += 1;
  return at;
}

static const char *skip_word(const char *at, const char *end) {
  at = skip_blanks(at, end);
  while (at < end && !isblank((unsigned char)*at) && *at != '\n') at += 1;
  return at;
}

// Behind `count` fields; before the separator of the last one when `stay`.
static const char *skip_fields(const struct sort *sort, const char *at, const char *end, size_t count, bool stay) {
  for (; at < end && count > 0; count -= 1) {
    if (sort->separator < 0) {
      at = skip_word(at, end);
      continue;
    }
    const char *found = memchr(at, sort->separator, (size_t)(end - at));
    if (found == NULL) return end;
    at = stay && count == 1 ? found : found + 1;
  }
  return at;
}

static const char *advance(const char *at, const char *end, size_t count) {
  return count < (size_t)(end - at) ? at + count : end;
}

struct piece sort_key_of(const struct sort *sort, const struct key *key, const char *text, size_t length) {
  const char *end = text + length;
  const char *start = skip_fields(sort, text, end, key->start_field, false);
  if (key->ordering.skip_start) start = skip_blanks(start, end);
  start = advance(start, end, key->start_character);
  const char *stop = end;
  if (key->end_field != SIZE_MAX) {
    bool whole = key->end_character == 0;
    stop = skip_fields(sort, text, end, key->end_field + whole, whole);
    if (!whole) {
      if (key->ordering.skip_end) stop = skip_blanks(stop, end);
      stop = advance(stop, end, key->end_character);
    }
  }
  return (struct piece){start, stop > start ? (size_t)(stop - start) : 0};
}
