// The sets of tr: a list of bytes, written with ranges, classes and escapes.
#ifndef TEXT_TR_SET_H
#define TEXT_TR_SET_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/bytes.h"

struct set {
  struct bytes list;
  // Where [x*] stood, which is as long as the other set needs; -1 without.
  ptrdiff_t fill_at;
  char fill;
  // Positions where [:lower:] or [:upper:] starts, for case conversion.
  bool has_class;
};

// False, and the reason said, when the text is no set.
bool set_parse(const char *text, struct set *set);
// Makes it `length` long by repeating the fill.
void set_fill(struct set *set, size_t length);
// All bytes that are not in it, in their order.
void set_complement(struct set *set);

#endif
