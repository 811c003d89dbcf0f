#include "find.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/memory.h"
#include "lib/message.h"
#include "lib/options.h"
#include "lib/path.h"
#include "lib/transfer.h"

static const struct options OPTIONS = {"[-HLP] [PATH]... [EXPRESSION]", "+HLP", NULL, 1};

struct search find_search = {.most = INT64_MAX, .least = 0};

// The directories above, so that a link back up is noticed.
struct above {
  const struct stat *info;
  const struct above *next;
};

static bool read_info(const char *path, bool follow, struct visit *visit) {
  visit->is_link_target = follow;
  if (follow && stat(path, &visit->info) == 0) return true;
  if (lstat(path, &visit->info) == 0) {
    visit->is_link_target = false;
    return true;
  }
  message_errno("'%s'", path);
  find_search.status = 1;
  return false;
}

static bool is_above(const struct stat *info, const struct above *above) {
  for (; above != NULL; above = above->next) {
    if (above->info->st_ino == info->st_ino && above->info->st_dev == info->st_dev) return true;
  }
  return false;
}

static void visit_path(const char *path, const char *name, const char *start, int depth, const struct above *above);

static void visit_children(const struct visit *visit, const struct above *above) {
  if (is_above(&visit->info, above)) {
    message("file system loop detected: '%s' is above itself", visit->path);
    find_search.status = 1;
    return;
  }
  struct name_list list = {NULL, 0, 0};
  if (!read_directory(visit->path, &list)) {
    message_errno("'%s'", visit->path);
    find_search.status = 1;
  }
  struct above here = {&visit->info, above};
  for (size_t index = 0; index < list.count && !find_search.quit; index += 1) {
    char *child = join_path(visit->path, list.names[index]);
    visit_path(child, list.names[index], visit->start, visit->depth + 1, &here);
    free(child);
  }
  free_names(&list);
}

static const struct node *expression;

static bool goes_below(const struct visit *visit, const struct above *above) {
  if (!S_ISDIR(visit->info.st_mode) || visit->prune || visit->depth >= find_search.most) return false;
  if (!find_search.one_device || above == NULL) return true;
  while (above->next != NULL) above = above->next;
  return above->info->st_dev == visit->info.st_dev;
}

static void visit_path(const char *path, const char *name, const char *start, int depth, const struct above *above) {
  struct visit visit = {.path = path, .name = name, .start = start, .depth = depth};
  if (!read_info(path, find_search.follow || (find_search.follow_named && depth == 0), &visit)) return;
  bool asked = depth >= find_search.least;
  if (!find_search.depth_first && asked) evaluate_find(expression, &visit);
  if (!find_search.quit && goes_below(&visit, above)) visit_children(&visit, above);
  if (find_search.depth_first && asked && !find_search.quit) evaluate_find(expression, &visit);
}

static bool begins_expression(const char *word) {
  return (word[0] == '-' && word[1] != '\0') || strcmp(word, "(") == 0 || strcmp(word, "!") == 0 ||
         strcmp(word, ")") == 0 || strcmp(word, ",") == 0;
}

static void set_follow(char letter) {
  find_search.follow = letter == 'L';
  find_search.follow_named = letter == 'H';
}

// -H, -L and -P come first and look like nothing in an expression.
static int read_follow(int argc, char **argv) {
  int index = 1;
  for (; index < argc; index += 1) {
    const char *word = argv[index];
    if (strcmp(word, "--") == 0) return index + 1;
    if (word[0] != '-' || word[1] == '\0' || word[2] != '\0' || strchr("HLP", word[1]) == NULL) break;
    set_follow(word[1]);
  }
  return index;
}

int find_main(int argc, char **argv) {
  if (argc == 2 && strcmp(argv[1], "--help") == 0) return next_option(argc, argv, &OPTIONS), options_status;
  clock_gettime(CLOCK_REALTIME, &find_search.now);
  int first = read_follow(argc, argv);
  int last = first;
  while (last < argc && !begins_expression(argv[last])) last += 1;
  expression = parse_find(argv + last);
  if (expression == NULL) return 1;
  static char *here[] = {"."};
  char **paths = last > first ? argv + first : here;
  int count = last > first ? last - first : 1;
  for (int index = 0; index < count && !find_search.quit; index += 1) {
    char *name = base_name(paths[index]);
    visit_path(paths[index], name, paths[index], 0, NULL);
    free(name);
  }
  finish_find_commands(expression);
  return finish_output(find_search.status);
}
