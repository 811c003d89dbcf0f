#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/copy-tree.h"
#include "lib/make-directory.h"
#include "lib/message.h"
#include "lib/mode.h"
#include "lib/options.h"
#include "lib/owner-names.h"
#include "lib/path.h"
#include "lib/targets.h"
#include "lib/transfer.h"

static const struct option NAMES[] = {
  {"directory", no_argument, NULL, 'd'}, {"mode", required_argument, NULL, 'm'},
  {"owner", required_argument, NULL, 'o'}, {"group", required_argument, NULL, 'g'},
  {"preserve-timestamps", no_argument, NULL, 'p'}, {"verbose", no_argument, NULL, 'v'},
  {"target-directory", required_argument, NULL, 't'}, {"no-target-directory", no_argument, NULL, 'T'},
  {NULL, 0, NULL, 0},
};
static const struct options OPTIONS = {
  "[-cDpvT] [-m MODE] [-o OWNER] [-g GROUP] SOURCE TARGET | SOURCE... DIRECTORY | -d DIRECTORY...",
  "cdDm:o:g:pvt:Ts", NAMES, 0,
};

static mode_t mode = 0755;
static uid_t owner = (uid_t)-1;
static gid_t group = (gid_t)-1;
static bool verbose, make_above, keep_times;

static bool set_attributes(const char *path) {
  bool owned = owner == (uid_t)-1 && group == (gid_t)-1;
  if (!owned && chown(path, owner, group) != 0) {
    message_errno("cannot change ownership of '%s'", path);
    return false;
  }
  if (chmod(path, mode & MODE_BITS) == 0) return true;
  message_errno("cannot set permissions of '%s'", path);
  return false;
}

static bool place_file(const char *from, const char *to) {
  struct stat info;
  if (stat(from, &info) == 0 && S_ISDIR(info.st_mode)) {
    message("omitting directory '%s'", from);
    return false;
  }
  if (make_above && !make_parents(to, NULL)) return false;
  struct stat target;
  bool exists = lstat(to, &target) == 0;
  if (exists && target.st_ino == info.st_ino && target.st_dev == info.st_dev) {
    message("'%s' and '%s' are the same file", from, to);
    return false;
  }
  // A new file: who has the old one open keeps it.
  if (exists && !S_ISDIR(target.st_mode)) unlink(to);
  struct copying how = {.links = LINKS_FOLLOW, .verbose = verbose, .preserve = keep_times};
  return copy_path(from, to, &how, true) && set_attributes(to);
}

static void tell_directory(const char *path) {
  if (verbose) printf("install: creating directory '%s'\n", path);
}

static int make_directories(char **paths) {
  int status = 0;
  for (; *paths != NULL; paths += 1) {
    bool good = make_parents(*paths, tell_directory);
    if (good && !is_directory(*paths)) {
      good = mkdir(*paths, 0755) == 0;
      if (good) tell_directory(*paths);
      else message_errno("cannot create directory '%s'", *paths);
    }
    if (!good || !set_attributes(*paths)) status = 1;
  }
  return status;
}

static bool set_owner(int option, const char *text) {
  bool good = option == 'o' ? find_user(text, &owner) : find_group(text, &group);
  if (!good) message("invalid %s '%s'", option == 'o' ? "user" : "group", text);
  return good;
}

int install_main(int argc, char **argv) {
  struct targets targets = {NULL, false};
  bool directories = false;
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    switch (option) {
      case 'c': case 's': break;
      case 'd': directories = true; break;
      case 'D': make_above = true; break;
      case 'p': keep_times = true; break;
      case 'v': verbose = true; break;
      case 't': targets.directory = optarg; break;
      case 'T': targets.not_directory = true; break;
      case 'm':
        if (apply_mode(optarg, 0, 0, &mode)) break;
        message("invalid mode '%s'", optarg);
        return 1;
      case 'o': case 'g':
        if (!set_owner(option, optarg)) return 1;
        break;
      default: return options_status;
    }
  }
  if (directories && optind == argc) return usage_error(&OPTIONS, "missing file operand");
  if (directories) return finish_output(make_directories(argv + optind));
  return finish_output(place_all(argv + optind, argc - optind, &targets, &OPTIONS, place_file));
}
