#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "lib/copied-links.h"
#include "lib/message.h"
#include "lib/name-list.h"
#include "lib/number.h"
#include "lib/options.h"
#include "lib/path.h"
#include "lib/transfer.h"

enum { APPARENT = OPTION_NAMED };

static const struct option NAMES[] = {
  {"all", no_argument, NULL, 'a'}, {"bytes", no_argument, NULL, 'b'}, {"total", no_argument, NULL, 'c'},
  {"max-depth", required_argument, NULL, 'd'}, {"human-readable", no_argument, NULL, 'h'},
  {"count-links", no_argument, NULL, 'l'}, {"dereference", no_argument, NULL, 'L'},
  {"separate-dirs", no_argument, NULL, 'S'}, {"summarize", no_argument, NULL, 's'},
  {"one-file-system", no_argument, NULL, 'x'}, {"apparent-size", no_argument, NULL, APPARENT}, {NULL, 0, NULL, 0},
};
static const struct options OPTIONS = {"[-abcDhHkLlmsSx] [-d DEPTH] [--apparent-size] [FILE]...", "abcDd:hHkLlmsSx", NAMES, 0};

static bool all, total, human, count_links, follow, follow_named, separate, one_device, apparent;
static int64_t depth_shown = INT64_MAX;
static uint64_t unit = 1024;
static int status;

static void print_size(uint64_t bytes, const char *path) {
  char text[HUMAN_ROOM];
  if (human) printf("%s\t%s\n", human_size(bytes, text), path);
  else printf("%llu\t%s\n", (unsigned long long)((bytes + unit - 1) / unit), path);
}

static uint64_t own_size(const struct stat *info) {
  if (!apparent) return (uint64_t)info->st_blocks * 512;
  return S_ISREG(info->st_mode) || S_ISLNK(info->st_mode) || S_ISDIR(info->st_mode) ? (uint64_t)info->st_size : 0;
}

// Whether a file with several names was counted under another one.
static bool counted_before(const struct stat *info) {
  if (count_links || S_ISDIR(info->st_mode) || info->st_nlink < 2) return false;
  if (copied_before(info) != NULL) return true;
  remember_copy(info, "");
  return false;
}

static uint64_t measure(const char *path, int64_t depth, dev_t device);

static uint64_t measure_below(const char *path, int64_t depth, dev_t device, uint64_t *files_only) {
  struct name_list list = {NULL, 0, 0};
  if (!read_directory(path, &list)) {
    message_errno("cannot read directory '%s'", path);
    status = 1;
  }
  uint64_t sum = 0;
  for (size_t index = 0; index < list.count; index += 1) {
    char *child = join_path(path, list.names[index]);
    struct stat info;
    bool directory = lstat(child, &info) == 0 && S_ISDIR(info.st_mode);
    uint64_t size = measure(child, depth + 1, device);
    sum += size;
    if (!directory) *files_only += size;
    free(child);
  }
  free_names(&list);
  return sum;
}

static uint64_t measure(const char *path, int64_t depth, dev_t device) {
  struct stat info;
  bool through = follow || (follow_named && depth == 0);
  if ((through ? stat(path, &info) : lstat(path, &info)) != 0) {
    message_errno("cannot access '%s'", path);
    status = 1;
    return 0;
  }
  if (depth > 0 && one_device && info.st_dev != device) return 0;
  if (counted_before(&info)) return 0;
  uint64_t size = own_size(&info);
  uint64_t shown = size;
  bool directory = S_ISDIR(info.st_mode);
  if (directory) {
    uint64_t files_only = 0;
    uint64_t below = measure_below(path, depth, info.st_dev, &files_only);
    size += below;
    shown += separate ? files_only : below;
  }
  if (depth == 0 || (depth <= depth_shown && (directory || all))) print_size(shown, path);
  return size;
}

static bool set_unit(int option) {
  switch (option) {
    case 'b': apparent = true; unit = 1; human = false; break;
    case 'h': human = true; break;
    case 'k': unit = 1024; human = false; break;
    case 'm': unit = 1024 * 1024; human = false; break;
    default: return false;
  }
  return true;
}

int du_main(int argc, char **argv) {
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    if (set_unit(option)) continue;
    switch (option) {
      case 'a': all = true; break;
      case 'c': total = true; break;
      case 'D': case 'H': follow_named = true; break;
      case 'l': count_links = true; break;
      case 'L': follow = true; break;
      case 's': depth_shown = 0; break;
      case 'S': separate = true; break;
      case 'x': one_device = true; break;
      case APPARENT: apparent = true; break;
      case 'd':
        if (parse_number(optarg, INT64_MAX, &depth_shown)) break;
        message("invalid maximum depth '%s'", optarg);
        return 1;
      default: return options_status;
    }
  }
  static char *here[] = {".", NULL};
  uint64_t sum = 0;
  for (char **path = optind < argc ? argv + optind : here; *path != NULL; path += 1) sum += measure(*path, 0, 0);
  if (total) print_size(sum, "total");
  return finish_output(status);
}
