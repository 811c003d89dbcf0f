// od: bytes as numbers.
#ifndef TEXT_OD_H
#define TEXT_OD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct format {
  char type;  // a c d o u x f
  int size;
  int width;  // of one number, with the blank before it
  bool text;  // z: the characters behind
};

enum { FORMATS = 16 };

struct formats {
  struct format list[FORMATS];
  int count;
};

// Adds what -t TYPE says. False when it says nothing known.
bool od_add_formats(struct formats *formats, const char *type);
// One number at `bytes`, in the format's own width, then padded to `width`.
void od_print(const struct format *format, const unsigned char *bytes, int width);

#endif
