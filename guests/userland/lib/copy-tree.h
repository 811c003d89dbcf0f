// Copying files and directories: what cp does, mv across mounts, install.
#ifndef LIB_COPY_TREE_H
#define LIB_COPY_TREE_H

#include <stdbool.h>
#include <sys/stat.h>

// Which links are copied as what they point to.
enum links { LINKS_KEEP, LINKS_FOLLOW_NAMED, LINKS_FOLLOW };

struct copying {
  bool recursive, force, interactive, no_clobber, update, verbose;
  // Times, owner and mode stay as they are.
  bool preserve;
  enum links links;
};

// False when it has said what could not be copied. `named`: an operand, not something met below one.
bool copy_path(const char *from, const char *to, const struct copying *how, bool named);
// Gives `to` the owner, mode and times that `info` says. Failing to give it away is no failure.
bool copy_attributes(const char *to, const struct stat *info);

#endif
