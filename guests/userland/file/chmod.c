#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "lib/message.h"
#include "lib/mode.h"
#include "lib/name-list.h"
#include "lib/options.h"
#include "lib/path.h"
#include "lib/transfer.h"

enum { REFERENCE = OPTION_NAMED };

static const struct option NAMES[] = {
  {"recursive", no_argument, NULL, 'R'}, {"verbose", no_argument, NULL, 'v'},
  {"changes", no_argument, NULL, 'c'}, {"quiet", no_argument, NULL, 'f'},
  {"silent", no_argument, NULL, 'f'}, {"reference", required_argument, NULL, REFERENCE}, {NULL, 0, NULL, 0},
};
static const struct options OPTIONS = {
  "[-Rvcf] MODE[,MODE]... FILE... | --reference=FILE FILE...", "Rvcf", NAMES, 0,
};

static bool recursive, verbose, changes, quiet;
static const char *wanted;
// The mode looked like an option, so nobody could say whom it is for.
static bool unnamed;
static mode_t mask;

static void tell(const char *path, mode_t before, mode_t after) {
  char old_text[MODE_TEXT], new_text[MODE_TEXT];
  before &= MODE_BITS;
  after &= MODE_BITS;
  mode_text(before, old_text);
  mode_text(after, new_text);
  if (before == after) {
    if (verbose) printf("mode of '%s' retained as %04o (%s)\n", path, (unsigned)after, new_text + 1);
  } else if (verbose || changes) {
    printf("mode of '%s' changed from %04o (%s) to %04o (%s)\n", path, (unsigned)before, old_text + 1,
           (unsigned)after, new_text + 1);
  }
}

static bool change_below(const char *path);

static bool change(const char *path, bool named) {
  struct stat info;
  if (lstat(path, &info) != 0 || (named && S_ISLNK(info.st_mode) && stat(path, &info) != 0)) {
    if (!quiet) message_errno("cannot access '%s'", path);
    return false;
  }
  // A link met on the way has no mode of its own.
  if (S_ISLNK(info.st_mode)) return true;
  mode_t mode;
  if (!apply_mode(wanted, info.st_mode, mask, &mode)) return false;
  bool good = chmod(path, mode & MODE_BITS) == 0;
  if (good) tell(path, info.st_mode, mode);
  else if (!quiet) message_errno("changing permissions of '%s'", path);
  mode_t naive;
  if (good && unnamed && apply_mode(wanted, info.st_mode, 0, &naive) && naive != mode) {
    char got[MODE_TEXT], expected[MODE_TEXT];
    mode_text(mode, got);
    mode_text(naive, expected);
    message("%s: new permissions are %s, not %s", path, got + 1, expected + 1);
    good = false;
  }
  if (recursive && S_ISDIR(info.st_mode)) good &= change_below(path);
  return good;
}

static bool change_below(const char *path) {
  struct name_list list = {NULL, 0, 0};
  bool good = read_directory(path, &list);
  if (!good && !quiet) message_errno("cannot read directory '%s'", path);
  for (size_t index = 0; index < list.count; index += 1) {
    char *child = join_path(path, list.names[index]);
    good &= change(child, false);
    free(child);
  }
  free_names(&list);
  return good;
}

// A mode such as -w looks like an option. Takes it out of the arguments.
static const char *take_minus_mode(int *argc, char **argv) {
  for (int index = 1; index < *argc && strcmp(argv[index], "--") != 0; index += 1) {
    if (argv[index][0] != '-' || argv[index][1] == '\0' || strchr("rwxXstugoa,+=01234567", argv[index][1]) == NULL) {
      continue;
    }
    const char *mode = argv[index];
    for (int after = index; after < *argc; after += 1) argv[after] = argv[after + 1];
    *argc -= 1;
    return mode;
  }
  return NULL;
}

static const char *mode_of(const char *path) {
  static char text[16];
  struct stat info;
  if (stat(path, &info) != 0) {
    message_errno("failed to get attributes of '%s'", path);
    return NULL;
  }
  snprintf(text, sizeof text, "%05o", (unsigned)(info.st_mode & MODE_BITS));
  return text;
}

int chmod_main(int argc, char **argv) {
  wanted = take_minus_mode(&argc, argv);
  unnamed = wanted != NULL;
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    switch (option) {
      case 'R': recursive = true; break;
      case 'v': verbose = true; break;
      case 'c': changes = true; break;
      case 'f': quiet = true; break;
      case REFERENCE:
        wanted = mode_of(optarg);
        if (wanted == NULL) return 1;
        break;
      default: return options_status;
    }
  }
  if (wanted == NULL && optind < argc) wanted = argv[optind++];
  if (wanted == NULL || optind == argc) return usage_error(&OPTIONS, "missing operand");
  mask = current_umask();
  mode_t ignored;
  if (!apply_mode(wanted, 0, mask, &ignored)) {
    message("invalid mode: '%s'", wanted);
    return 1;
  }
  int status = 0;
  for (int index = optind; index < argc; index += 1) {
    if (!change(argv[index], true)) status = 1;
  }
  return finish_output(status);
}
