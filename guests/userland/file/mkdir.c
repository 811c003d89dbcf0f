#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/make-directory.h"
#include "lib/message.h"
#include "lib/mode.h"
#include "lib/options.h"
#include "lib/transfer.h"

static const struct option NAMES[] = {
  {"mode", required_argument, NULL, 'm'}, {"parents", no_argument, NULL, 'p'},
  {"verbose", no_argument, NULL, 'v'}, {NULL, 0, NULL, 0},
};
static const struct options OPTIONS = {"[-pv] [-m MODE] DIRECTORY...", "m:pv", NAMES, 0};

static bool verbose;

static void tell(const char *path) {
  if (verbose) printf("mkdir: created directory '%s'\n", path);
}

static bool make(const char *path, bool parents, const char *mode_words) {
  mode_t mode = 0777;
  if (mode_words != NULL && !apply_mode(mode_words, 0777, current_umask(), &mode)) {
    message("invalid mode: %s", mode_words);
    return false;
  }
  struct stat before;
  bool there = parents && stat(path, &before) == 0 && S_ISDIR(before.st_mode);
  if (there) return true;
  if (parents && !make_parents(path, tell)) return false;
  if (mkdir(path, mode & 0777) != 0) {
    if (parents && errno == EEXIST && stat(path, &before) == 0 && S_ISDIR(before.st_mode)) return true;
    message_errno("cannot create directory '%s'", path);
    return false;
  }
  tell(path);
  if (mode_words == NULL || chmod(path, mode & MODE_BITS) == 0) return true;
  message_errno("cannot set permissions of '%s'", path);
  return false;
}

int mkdir_main(int argc, char **argv) {
  bool parents = false;
  const char *mode = NULL;
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    switch (option) {
      case 'm': mode = optarg; break;
      case 'p': parents = true; break;
      case 'v': verbose = true; break;
      default: return options_status;
    }
  }
  if (optind == argc) return usage_error(&OPTIONS, "missing operand");
  int status = 0;
  for (int index = optind; index < argc; index += 1) {
    if (!make(argv[index], parents, mode)) status = 1;
  }
  return finish_output(status);
}
