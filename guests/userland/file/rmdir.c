#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/message.h"
#include "lib/options.h"
#include "lib/path.h"
#include "lib/transfer.h"

static const struct option NAMES[] = {
  {"parents", no_argument, NULL, 'p'}, {"verbose", no_argument, NULL, 'v'},
  {"ignore-fail-on-non-empty", no_argument, NULL, OPTION_NAMED}, {NULL, 0, NULL, 0},
};
static const struct options OPTIONS = {"[-pv] [--ignore-fail-on-non-empty] DIRECTORY...", "pv", NAMES, 0};

static bool parents, verbose, full_is_fine;

static bool remove_one(const char *path) {
  if (verbose) printf("rmdir: removing directory, '%s'\n", path);
  if (rmdir(path) == 0) return true;
  if (full_is_fine && (errno == ENOTEMPTY || errno == EEXIST)) return false;
  message_errno("failed to remove '%s'", path);
  return false;
}

// Whether all went that should.
static bool remove_all(const char *path) {
  bool good = remove_one(path);
  if (!good) return full_is_fine && (errno == ENOTEMPTY || errno == EEXIST);
  if (!parents) return true;
  char *parent = directory_name(path);
  bool end = strcmp(parent, ".") == 0 || strcmp(parent, "/") == 0;
  bool result = end || remove_all(parent);
  free(parent);
  return result;
}

int rmdir_main(int argc, char **argv) {
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    switch (option) {
      case 'p': parents = true; break;
      case 'v': verbose = true; break;
      case OPTION_NAMED: full_is_fine = true; break;
      default: return options_status;
    }
  }
  if (optind == argc) return usage_error(&OPTIONS, "missing operand");
  int status = 0;
  for (int index = optind; index < argc; index += 1) {
    if (!remove_all(argv[index])) status = 1;
  }
  return finish_output(status);
}
