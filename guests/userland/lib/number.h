// Numbers, sizes and spans of time as people write them, and sizes as people read them.
#ifndef LIB_NUMBER_H
#define LIB_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

// A decimal number and nothing else, at most `most`. False when it is not one.
bool parse_number(const char *text, int64_t most, int64_t *value);
// A number with a size's letter: c w b, K M G T P E (1024), kB MB … (1000), KiB …; products as 2x512.
bool parse_size(const char *text, int64_t *value);
// Seconds with a fraction and a letter (s m h d), or infinity (then below zero).
bool parse_seconds(const char *text, double *seconds);

enum { HUMAN_ROOM = 32 };
// 4.0K, 12M: rounded up, in powers of 1024, as du -h and ls -h print it.
char *human_size(uint64_t bytes, char text[HUMAN_ROOM]);

#endif
