// Lists of ranges of positions: 1,3-5,7-
#ifndef TEXT_RANGES_H
#define TEXT_RANGES_H

#include <stdbool.h>
#include <stddef.h>

struct range {
  size_t first;  // from 1
  size_t last;
};

struct ranges {
  struct range *list;
  size_t count;
};

// Sorted, none touching another. False, and the reason said, when the text is no such list.
bool ranges_parse(const char *text, struct ranges *ranges);
// All positions that are not in them.
void ranges_complement(struct ranges *ranges);
void ranges_free(struct ranges *ranges);

#endif
