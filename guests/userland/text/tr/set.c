#include "set.h"

#include <ctype.h>
#include <limits.h>
#include <string.h>

#include "lib/message.h"

static const struct {
  const char *name;
  int (*has)(int byte);
} CLASSES[] = {
    {"alnum", isalnum}, {"alpha", isalpha}, {"blank", isblank}, {"cntrl", iscntrl},
    {"digit", isdigit}, {"graph", isgraph}, {"lower", islower}, {"print", isprint},
    {"punct", ispunct}, {"space", isspace}, {"upper", isupper}, {"xdigit", isxdigit},
};

static bool is_octal(char byte) { return byte >= '0' && byte <= '7'; }

// One byte, perhaps escaped; where it ends.
static const char *one_byte(const char *at, unsigned char *byte) {
  static const char letters[] = "abfnrtv\\";
  static const char meanings[] = "\a\b\f\n\r\t\v\\";
  *byte = (unsigned char)*at;
  if (*at != '\\' || at[1] == '\0') return at + 1;
  at += 1;
  const char *letter = strchr(letters, *at);
  if (letter != NULL) {
    *byte = (unsigned char)meanings[letter - letters];
    return at + 1;
  }
  if (!is_octal(*at)) {
    *byte = (unsigned char)*at;
    return at + 1;
  }
  int value = 0;
  for (int digits = 0; digits < 3 && is_octal(*at) && value * 8 + *at - '0' <= UCHAR_MAX; digits += 1) {
    value = value * 8 + (*at++ - '0');
  }
  *byte = (unsigned char)value;
  return at;
}

static bool add_class(struct set *set, const char *name, size_t length) {
  for (size_t index = 0; index < sizeof CLASSES / sizeof *CLASSES; index += 1) {
    if (strlen(CLASSES[index].name) != length || memcmp(CLASSES[index].name, name, length) != 0) continue;
    for (int byte = 0; byte <= UCHAR_MAX; byte += 1) {
      if (CLASSES[index].has(byte)) bytes_byte(&set->list, (char)byte);
    }
    set->has_class = true;
    return true;
  }
  message("invalid character class '%.*s'", (int)length, name);
  return false;
}

// The count of [x*COUNT], octal with a leading 0. False when it is none.
static bool read_count(const char *at, const char *end, size_t *count) {
  size_t base = *at == '0' ? 8 : 10;
  *count = 0;
  for (; at < end; at += 1) {
    if (*at < '0' || *at >= (char)('0' + base)) return false;
    if (*count > (size_t)INT_MAX / base) return false;
    *count = *count * base + (size_t)(*at - '0');
  }
  return true;
}

// [:class:] [=x=] [x*count] at `at`. NULL when there is none of them, or after an error (`*good`).
static const char *bracket(struct set *set, const char *at, bool *good) {
  if (at[1] == ':' || at[1] == '=') {
    char end[] = {at[1], ']', '\0'};
    const char *found = strstr(at + 2, end);
    if (found == NULL || found == at + 2) return NULL;
    if (at[1] == ':') *good = add_class(set, at + 2, (size_t)(found - at - 2));
    else bytes_byte(&set->list, at[2]);
    return found + 2;
  }
  if (at[1] == '\0') return NULL;
  unsigned char byte;
  const char *star = one_byte(at + 1, &byte);
  const char *closing = *star == '*' ? strchr(star, ']') : NULL;
  size_t count;
  if (closing == NULL || !read_count(star + 1, closing, &count)) return NULL;
  if (count > 0) {
    bytes_repeat(&set->list, (char)byte, count);
  } else {
    set->fill_at = (ptrdiff_t)set->list.length;
    set->fill = (char)byte;
  }
  return closing + 1;
}

// A byte or a range; where it ends, or NULL after an error.
static const char *range(struct set *set, const char *at) {
  unsigned char first;
  const char *start = at;
  at = one_byte(at, &first);
  if (*at != '-' || at[1] == '\0') {
    bytes_byte(&set->list, (char)first);
    return at;
  }
  unsigned char last;
  at = one_byte(at + 1, &last);
  if (last < first) {
    message("range-endpoints of '%.*s' are in reverse order", (int)(at - start), start);
    return NULL;
  }
  for (int byte = first; byte <= last; byte += 1) bytes_byte(&set->list, (char)byte);
  return at;
}

bool set_parse(const char *text, struct set *set) {
  *set = (struct set){.list = BYTES_NONE, .fill_at = -1};
  bytes_clear(&set->list);
  bool good = true;
  while (good && *text != '\0') {
    const char *next = *text == '[' ? bracket(set, text, &good) : NULL;
    if (next == NULL) next = range(set, text);
    if (next == NULL) return false;
    text = next;
  }
  return good;
}

void set_fill(struct set *set, size_t length) {
  if (set->fill_at < 0 || set->list.length >= length) return;
  struct bytes filled = BYTES_NONE;
  bytes_add(&filled, set->list.data, (size_t)set->fill_at);
  bytes_repeat(&filled, set->fill, length - set->list.length);
  bytes_add(&filled, set->list.data + set->fill_at, set->list.length - (size_t)set->fill_at);
  bytes_swap(&set->list, &filled);
  bytes_free(&filled);
}

void set_complement(struct set *set) {
  bool in[UCHAR_MAX + 1] = {false};
  for (size_t at = 0; at < set->list.length; at += 1) in[(unsigned char)set->list.data[at]] = true;
  bytes_clear(&set->list);
  for (int byte = 0; byte <= UCHAR_MAX; byte += 1) {
    if (!in[byte]) bytes_byte(&set->list, (char)byte);
  }
}
