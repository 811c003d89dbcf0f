// A file that is written anew beside the old one and then takes its name, with the old one's mode.
#ifndef TEXT_REPLACE_FILE_H
#define TEXT_REPLACE_FILE_H

#include <stdbool.h>

#include "lib/writer.h"

struct replacement {
  const char *name;
  char *scratch;
  struct writer writer;
};

// `fd` is the old file. False, and the reason said, when it is no regular file or there is no new one.
bool replacement_open(struct replacement *replacement, const char *name, int fd);
// Takes the name when `keep`, else the new file goes. False, and the reason said, when it cannot.
bool replacement_finish(struct replacement *replacement, bool keep);

#endif
