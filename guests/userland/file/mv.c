#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/ask.h"
#include "lib/copy-tree.h"
#include "lib/message.h"
#include "lib/options.h"
#include "lib/path.h"
#include "lib/remove-tree.h"
#include "lib/targets.h"
#include "lib/transfer.h"

static const struct option NAMES[] = {
  {"force", no_argument, NULL, 'f'}, {"interactive", no_argument, NULL, 'i'},
  {"no-clobber", no_argument, NULL, 'n'}, {"update", no_argument, NULL, 'u'},
  {"verbose", no_argument, NULL, 'v'}, {"no-target-directory", no_argument, NULL, 'T'},
  {"target-directory", required_argument, NULL, 't'}, {NULL, 0, NULL, 0},
};
static const struct options OPTIONS = {
  "[-finuvT] SOURCE TARGET | SOURCE... DIRECTORY | -t DIRECTORY SOURCE...", "finuvTt:", NAMES, 0,
};

enum existing { EXISTING_REPLACE, EXISTING_ASK, EXISTING_KEEP };
static enum existing existing;
static bool force, update, verbose;

static bool move_by_copy(const char *from, const char *to) {
  static const struct copying COPY = {.recursive = true, .force = true, .preserve = true, .links = LINKS_KEEP};
  static const struct removal REMOVE = {.recursive = true, .force = true};
  struct stat old;
  if (lstat(to, &old) == 0 && (S_ISDIR(old.st_mode) ? rmdir(to) : unlink(to)) != 0) {
    message_errno("cannot remove '%s'", to);
    return false;
  }
  return copy_path(from, to, &COPY, true) && remove_path(from, &REMOVE);
}

// What to do where there is something already: go on, or the answer.
enum verdict { GO_ON, ANSWER_GOOD, ANSWER_BAD };

static enum verdict look_at_target(const char *from, const struct stat *source, const char *to) {
  struct stat target;
  if (lstat(to, &target) != 0) return GO_ON;
  if (existing == EXISTING_KEEP) return ANSWER_GOOD;
  if (update && target.st_mtim.tv_sec >= source->st_mtim.tv_sec) return ANSWER_GOOD;
  // Two names of one file too: rename would leave both.
  if (source->st_ino == target.st_ino && source->st_dev == target.st_dev) {
    message("'%s' and '%s' are the same file", from, to);
    return ANSWER_BAD;
  }
  if (S_ISDIR(target.st_mode) && !S_ISDIR(source->st_mode)) {
    message("cannot overwrite directory '%s' with non-directory", to);
    return ANSWER_BAD;
  }
  if (!S_ISDIR(target.st_mode) && S_ISDIR(source->st_mode)) {
    message("cannot overwrite non-directory '%s' with directory '%s'", to, from);
    return ANSWER_BAD;
  }
  bool writable = S_ISLNK(target.st_mode) || access(to, W_OK) == 0;
  bool question = existing == EXISTING_ASK || (!force && !writable && isatty(STDIN_FILENO) == 1);
  if (question && !ask("overwrite '%s'? ", to)) return ANSWER_BAD;
  return GO_ON;
}

static bool place_move(const char *from, const char *to) {
  struct stat source;
  if (lstat(from, &source) != 0) {
    message_errno("cannot stat '%s'", from);
    return false;
  }
  enum verdict verdict = look_at_target(from, &source, to);
  if (verdict != GO_ON) return verdict == ANSWER_GOOD;
  if (rename(from, to) == 0) {
    if (verbose) printf("renamed '%s' -> '%s'\n", from, to);
    return true;
  }
  if (errno == EXDEV) {
    bool good = move_by_copy(from, to);
    if (good && verbose) printf("renamed '%s' -> '%s'\n", from, to);
    return good;
  }
  if (errno == EINVAL) message("cannot move '%s' to a subdirectory of itself, '%s'", from, to);
  else message_errno("cannot move '%s' to '%s'", from, to);
  return false;
}

int mv_main(int argc, char **argv) {
  struct targets targets = {NULL, false};
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    switch (option) {
      case 'f': force = true; existing = EXISTING_REPLACE; break;
      case 'i': existing = EXISTING_ASK; break;
      case 'n': existing = EXISTING_KEEP; break;
      case 'u': update = true; break;
      case 'v': verbose = true; break;
      case 'T': targets.not_directory = true; break;
      case 't': targets.directory = optarg; break;
      default: return options_status;
    }
  }
  return finish_output(place_all(argv + optind, argc - optind, &targets, &OPTIONS, place_move));
}
