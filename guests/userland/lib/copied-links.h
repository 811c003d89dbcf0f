// Files with several names, so that their copies are one file again.
#ifndef LIB_COPIED_LINKS_H
#define LIB_COPIED_LINKS_H

#include <sys/stat.h>

// Where this very file was copied to before, or NULL.
const char *copied_before(const struct stat *info);
void remember_copy(const struct stat *info, const char *path);

#endif
