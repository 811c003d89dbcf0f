// chown and chgrp.
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/memory.h"
#include "lib/message.h"
#include "lib/name-list.h"
#include "lib/options.h"
#include "lib/owner-names.h"
#include "lib/path.h"
#include "lib/transfer.h"

enum { REFERENCE = OPTION_NAMED };
#define NO_CHANGE UINT32_MAX

static const struct option NAMES[] = {
  {"recursive", no_argument, NULL, 'R'}, {"no-dereference", no_argument, NULL, 'h'},
  {"verbose", no_argument, NULL, 'v'}, {"changes", no_argument, NULL, 'c'},
  {"quiet", no_argument, NULL, 'f'}, {"silent", no_argument, NULL, 'f'},
  {"reference", required_argument, NULL, REFERENCE}, {NULL, 0, NULL, 0},
};
static const struct options CHOWN = {"[-RhvcfHLP] [OWNER][:[GROUP]] FILE...", "RhvcfHLP", NAMES, 0};
static const struct options CHGRP = {"[-RhvcfHLP] GROUP FILE...", "RhvcfHLP", NAMES, 0};

// Which links -R goes through: none, those that were named, all.
enum follow { FOLLOW_NONE, FOLLOW_NAMED, FOLLOW_ALL };

static bool recursive, link_itself, verbose, changes, quiet;
static enum follow follow;
static uid_t owner = NO_CHANGE;
static gid_t group = NO_CHANGE;

static void tell(const char *path, const struct stat *info) {
  bool same = (owner == NO_CHANGE || owner == info->st_uid) && (group == NO_CHANGE || group == info->st_gid);
  if (!(verbose || (changes && !same))) return;
  printf("ownership of '%s' %s\n", path, same ? "retained" : "changed");
}

static bool change_below(const char *path);

static bool change(const char *path, bool named) {
  bool through = !link_itself && (named || follow == FOLLOW_ALL);
  if (recursive && named) through = !link_itself && follow != FOLLOW_NONE;
  struct stat info;
  bool link_is_subject = link_itself || (recursive && !through);
  int found = link_is_subject ? lstat(path, &info) : stat(path, &info);
  if (found != 0) {
    if (!quiet) message_errno("cannot access '%s'", path);
    return false;
  }
  int result = link_is_subject ? lchown(path, owner, group) : chown(path, owner, group);
  if (result == 0) tell(path, &info);
  else if (!quiet) message_errno("changing ownership of '%s'", path);
  bool good = result == 0;
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

static bool set_group(const char *name) {
  if (find_group(name, &group)) return true;
  message("invalid group: '%s'", name);
  return false;
}

// owner, owner:group, :group, owner: (which is the owner's own group)
static bool set_owner(const char *text) {
  size_t length = strcspn(text, ":");
  char *name = must_copy_part(text, length);
  bool good = length == 0 || find_user(name, &owner);
  bool own_group = length > 0 && text[length] == ':' && text[length + 1] == '\0';
  if (good && own_group) good = find_login_group(name, &group);
  if (!good) message("invalid user: '%s'", text);
  free(name);
  if (!good || text[length] == '\0' || text[length + 1] == '\0') return good;
  return set_group(text + length + 1);
}

static bool set_reference(const char *path, bool only_group) {
  struct stat info;
  if (stat(path, &info) != 0) {
    message_errno("failed to get attributes of '%s'", path);
    return false;
  }
  if (!only_group) owner = info.st_uid;
  group = info.st_gid;
  return true;
}

static int run(int argc, char **argv, const struct options *options, bool only_group) {
  const char *reference = NULL;
  int option;
  while ((option = next_option(argc, argv, options)) != OPTIONS_END) {
    switch (option) {
      case 'R': recursive = true; break;
      case 'h': link_itself = true; break;
      case 'v': verbose = true; break;
      case 'c': changes = true; break;
      case 'f': quiet = true; break;
      case 'H': follow = FOLLOW_NAMED; break;
      case 'L': follow = FOLLOW_ALL; break;
      case 'P': follow = FOLLOW_NONE; break;
      case REFERENCE: reference = optarg; break;
      default: return options_status;
    }
  }
  if (argc - optind < (reference == NULL ? 2 : 1)) return usage_error(options, "missing operand");
  if (reference != NULL && !set_reference(reference, only_group)) return 1;
  if (reference == NULL) {
    const char *text = argv[optind++];
    if (!(only_group ? set_group(text) : set_owner(text))) return 1;
  }
  int status = 0;
  for (int index = optind; index < argc; index += 1) {
    if (!change(argv[index], true)) status = 1;
  }
  return finish_output(status);
}

int chown_main(int argc, char **argv) { return run(argc, argv, &CHOWN, false); }
int chgrp_main(int argc, char **argv) { return run(argc, argv, &CHGRP, true); }
