// Lists of digests, and whether files still have them.
#ifndef TEXT_DIGEST_CHECK_H
#define TEXT_DIGEST_CHECK_H

#include <stdbool.h>

#include "text/digest/digest.h"

struct check {
  const struct digest *digest;
  bool quiet;
  bool status;
  bool warn;
  bool strict;
  bool ignore_missing;
};

// The digest of a file. False, and the reason said, when it cannot be read.
bool digest_file(const struct digest *digest, const char *name, unsigned char *result);
// Checks all that the list names. False when one differs or cannot be read.
bool check_list(const struct check *how, const char *name);

#endif
