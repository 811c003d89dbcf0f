#include "ranges.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/message.h"

static bool number(const char **text, size_t *value) {
  if (!isdigit((unsigned char)**text)) return false;
  *value = 0;
  for (; isdigit((unsigned char)**text); *text += 1) {
    size_t digit = (size_t)(**text - '0');
    if (*value > (SIZE_MAX - 1 - digit) / 10) return false;
    *value = *value * 10 + digit;
  }
  return true;
}

static bool one_range(const char **text, struct range *range) {
  bool has_first = number(text, &range->first);
  if (!has_first) range->first = 1;
  range->last = range->first;
  if (**text != '-') return has_first && range->first > 0;
  *text += 1;
  bool has_last = number(text, &range->last);
  if (!has_last) range->last = SIZE_MAX;
  return (has_first || has_last) && range->first > 0 && range->first <= range->last;
}

static int by_first(const void *one, const void *other) {
  size_t first = ((const struct range *)one)->first;
  size_t second = ((const struct range *)other)->first;
  return first < second ? -1 : first > second;
}

static void join_touching(struct ranges *ranges) {
  size_t kept = 0;
  qsort(ranges->list, ranges->count, sizeof *ranges->list, by_first);
  for (size_t index = 1; index < ranges->count; index += 1) {
    struct range *last = &ranges->list[kept];
    struct range next = ranges->list[index];
    if (last->last != SIZE_MAX && next.first > last->last + 1) ranges->list[++kept] = next;
    else if (next.last > last->last) last->last = next.last;
  }
  ranges->count = kept + 1;
}

bool ranges_parse(const char *text, struct ranges *ranges) {
  const char *at = text;
  *ranges = (struct ranges){NULL, 0};
  for (;;) {
    ranges->list = must_grow(ranges->list, ranges->count + 1, sizeof *ranges->list);
    if (!one_range(&at, &ranges->list[ranges->count++])) break;
    if (*at == '\0') {
      join_touching(ranges);
      return true;
    }
    if (*at != ',' && *at != ' ') break;
    at += 1;
  }
  message("invalid list of positions '%s'", text);
  ranges_free(ranges);
  return false;
}

void ranges_complement(struct ranges *ranges) {
  struct range *list = must_grow(NULL, ranges->count + 1, sizeof *list);
  size_t count = 0;
  size_t next = 1;
  for (size_t index = 0; index < ranges->count; index += 1) {
    struct range *range = &ranges->list[index];
    if (range->first > next) list[count++] = (struct range){next, range->first - 1};
    next = range->last == SIZE_MAX ? 0 : range->last + 1;
  }
  if (next != 0) list[count++] = (struct range){next, SIZE_MAX};
  free(ranges->list);
  *ranges = (struct ranges){list, count};
}

void ranges_free(struct ranges *ranges) {
  free(ranges->list);
  *ranges = (struct ranges){NULL, 0};
}
