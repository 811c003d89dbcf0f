// What head and tail share: counts as they were written once (-5, -5f, +5), and titles of files.
#ifndef TEXT_OLD_COUNT_H
#define TEXT_OLD_COUNT_H

#include <stdbool.h>

// Rewrites a first argument that is such a count into `-n COUNT`, or `-c COUNT` with a c behind it. With
// `letters`, these may follow the count, and +COUNT is one too; what followed is answered, or "".
const char *old_count(int argc, char **argv, const char *letters);
// ==> NAME <==, with an empty line before all but the first.
void title_print(const char *name, bool first);

#endif
