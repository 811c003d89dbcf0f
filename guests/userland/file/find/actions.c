// The primaries that do something.
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "find.h"
#include "lib/message.h"

static bool act_print(const struct node *node, struct visit *visit) {
  (void)node;
  puts(visit->path);
  return true;
}

static bool act_print_zero(const struct node *node, struct visit *visit) {
  (void)node;
  fputs(visit->path, stdout);
  putchar('\0');
  return true;
}

static bool act_prune(const struct node *node, struct visit *visit) {
  (void)node;
  visit->prune = true;
  return true;
}

static bool act_quit(const struct node *node, struct visit *visit) {
  (void)node;
  (void)visit;
  find_search.quit = true;
  return true;
}

static bool read_delete(struct node *node, char **words) {
  (void)node;
  (void)words;
  find_search.depth_first = true;
  return true;
}

static bool act_delete(const struct node *node, struct visit *visit) {
  (void)node;
  // The place the search began in cannot go from below itself.
  if (strcmp(visit->path, ".") == 0) return true;
  bool directory = S_ISDIR(visit->info.st_mode) && !visit->is_link_target;
  struct stat info;
  if (visit->is_link_target) directory = lstat(visit->path, &info) == 0 && S_ISDIR(info.st_mode);
  if ((directory ? rmdir(visit->path) : unlink(visit->path)) == 0) return true;
  message_errno("cannot delete '%s'", visit->path);
  find_search.status = 1;
  return false;
}

const struct primary action_primaries[] = {
  {"-print", 0, NULL, act_print, true},
  {"-print0", 0, NULL, act_print_zero, true},
  {"-printf", 1, NULL, print_find_format, true},
  {"-delete", 0, read_delete, act_delete, true},
  {"-prune", 0, NULL, act_prune, false},
  {"-quit", 0, NULL, act_quit, false},
  {NULL, 0, NULL, NULL, false},
};
