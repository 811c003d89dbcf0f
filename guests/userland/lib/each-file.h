// A tool that does the same with each file it is given, or with standard input when there are none.
#ifndef LIB_EACH_FILE_H
#define LIB_EACH_FILE_H

#include "lines.h"

typedef void each_file_run(struct lines *input, void *context);

// `names` ends with NULL. False when one could not be opened or read, which was said.
bool each_file(char *const *names, char delimiter, each_file_run *run, void *context);

#endif
