#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "lib/message.h"
#include "lib/options.h"
#include "lib/path.h"
#include "lib/remove-tree.h"
#include "lib/transfer.h"

enum { NO_PRESERVE_ROOT = OPTION_NAMED, PRESERVE_ROOT };

static const struct option NAMES[] = {
  {"recursive", no_argument, NULL, 'r'}, {"force", no_argument, NULL, 'f'},
  {"interactive", no_argument, NULL, 'i'}, {"verbose", no_argument, NULL, 'v'},
  {"dir", no_argument, NULL, 'd'}, {"no-preserve-root", no_argument, NULL, NO_PRESERVE_ROOT},
  {"preserve-root", no_argument, NULL, PRESERVE_ROOT}, {NULL, 0, NULL, 0},
};
static const struct options OPTIONS = {"[-rfidv] FILE...", "rRfidv", NAMES, 0};

static bool preserve_root = true;

static bool is_root(const char *path) {
  struct stat info, root;
  return lstat(path, &info) == 0 && stat("/", &root) == 0 && info.st_ino == root.st_ino && info.st_dev == root.st_dev;
}

static bool may_remove(const char *path, const struct removal *how) {
  char *name = base_name(path);
  bool dots = is_dot_or_dot_dot(name);
  free(name);
  if (dots && how->recursive) {
    message("refusing to remove '.' or '..' directory: skipping '%s'", path);
    return false;
  }
  if (how->recursive && preserve_root && is_root(path)) {
    message("it is dangerous to operate recursively on '%s': use --no-preserve-root to override", path);
    return false;
  }
  return true;
}

int rm_main(int argc, char **argv) {
  struct removal how = {false, false, false, false, false};
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    switch (option) {
      case 'r': case 'R': how.recursive = true; break;
      case 'f': how.force = true; how.interactive = false; break;
      case 'i': how.interactive = true; how.force = false; break;
      case 'd': how.empty_directories = true; break;
      case 'v': how.verbose = true; break;
      case NO_PRESERVE_ROOT: preserve_root = false; break;
      case PRESERVE_ROOT: break;
      default: return options_status;
    }
  }
  if (optind == argc) return how.force ? 0 : usage_error(&OPTIONS, "missing operand");
  int status = 0;
  for (int index = optind; index < argc; index += 1) {
    if (!may_remove(argv[index], &how) || !remove_path(argv[index], &how)) status = 1;
  }
  return finish_output(status);
}
