// Lines of fields between colons: /etc/passwd and /etc/group.
#ifndef SDK_FIELDS_H
#define SDK_FIELDS_H
#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

/// Reads the next line of `file` that has `count` fields into them, cut up in `line`. False: no more.
bool next_fields(FILE *file, char **line, size_t *size, char **fields, int count);

/// A number from 0 on; false: none.
bool id_of(const char *text, unsigned *id);

#endif
