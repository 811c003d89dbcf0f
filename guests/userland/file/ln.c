#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/ask.h"
#include "lib/message.h"
#include "lib/options.h"
#include "lib/path.h"
#include "lib/transfer.h"

static const struct option NAMES[] = {
  {"symbolic", no_argument, NULL, 's'}, {"force", no_argument, NULL, 'f'},
  {"interactive", no_argument, NULL, 'i'}, {"no-dereference", no_argument, NULL, 'n'},
  {"no-target-directory", no_argument, NULL, 'T'}, {"target-directory", required_argument, NULL, 't'},
  {"verbose", no_argument, NULL, 'v'}, {"logical", no_argument, NULL, 'L'},
  {"physical", no_argument, NULL, 'P'}, {NULL, 0, NULL, 0},
};
static const struct options OPTIONS = {
  "[-sfinTvLP] TARGET [LINK] | [-t] DIRECTORY TARGET...", "sfinTt:vLP", NAMES, 0,
};

static bool symbolic, force, interactive, no_follow, not_directory, verbose, logical;

static bool same_file(const char *left, const char *right) {
  struct stat a, b;
  if (lstat(left, &a) != 0 || lstat(right, &b) != 0) return false;
  return a.st_ino == b.st_ino && a.st_dev == b.st_dev;
}

static bool make_room(const char *target, const char *path) {
  struct stat info;
  if (lstat(path, &info) != 0) return true;
  if (interactive && !ask("replace '%s'? ", path)) return false;
  if (!force && !interactive) return true;
  if (S_ISDIR(info.st_mode)) {
    message("%s: cannot overwrite directory", path);
    return false;
  }
  if (!symbolic && same_file(target, path)) {
    message("'%s' and '%s' are the same file", target, path);
    return false;
  }
  if (unlink(path) == 0) return true;
  message_errno("cannot remove '%s'", path);
  return false;
}

static int make(const char *target, const char *path) {
  if (symbolic) return symlink(target, path);
  return linkat(AT_FDCWD, target, AT_FDCWD, path, logical ? AT_SYMLINK_FOLLOW : 0);
}

static bool link_to(const char *target, const char *path) {
  struct stat info;
  if (!symbolic && lstat(target, &info) != 0) {
    message_errno("failed to access '%s'", target);
    return false;
  }
  if (!symbolic && S_ISDIR(info.st_mode)) {
    message("%s: hard link not allowed for directory", target);
    return false;
  }
  if (!make_room(target, path)) return false;
  if (make(target, path) != 0) {
    message_errno("failed to create %s link '%s'", symbolic ? "symbolic" : "hard", path);
    return false;
  }
  if (verbose) printf("'%s' %s '%s'\n", path, symbolic ? "->" : "=>", target);
  return true;
}

static bool is_target_directory(const char *path) {
  struct stat info;
  if (no_follow && lstat(path, &info) == 0 && S_ISLNK(info.st_mode)) return false;
  return is_directory(path);
}

static int link_into(char **targets, int count, const char *directory) {
  if (!is_directory(directory)) {
    message("target '%s' is not a directory", directory);
    return 1;
  }
  int status = 0;
  for (int index = 0; index < count; index += 1) {
    char *path = path_in(directory, targets[index]);
    if (!link_to(targets[index], path)) status = 1;
    free(path);
  }
  return status;
}

static int run(char **operands, int count, const char *directory) {
  if (count == 0) return usage_error(&OPTIONS, "missing file operand");
  if (directory != NULL) return link_into(operands, count, directory);
  const char *last = operands[count - 1];
  if (count == 1) return link_into(operands, 1, ".");
  if (!not_directory && is_target_directory(last)) return link_into(operands, count - 1, last);
  if (count > 2) return not_directory ? usage_error(&OPTIONS, "extra operand") : link_into(operands, count - 1, last);
  return link_to(operands[0], last) ? 0 : 1;
}

int ln_main(int argc, char **argv) {
  const char *directory = NULL;
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    switch (option) {
      case 's': symbolic = true; break;
      case 'f': force = true; interactive = false; break;
      case 'i': interactive = true; force = false; break;
      case 'n': no_follow = true; break;
      case 'T': not_directory = true; break;
      case 't': directory = optarg; break;
      case 'v': verbose = true; break;
      case 'L': logical = true; break;
      case 'P': logical = false; break;
      default: return options_status;
    }
  }
  return finish_output(run(argv + optind, argc - optind, directory));
}
