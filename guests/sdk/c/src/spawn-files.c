#include <bulkhead.h>
#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>

#include "open-how.h"
#include "spawn-action.h"

int posix_spawn_file_actions_init(posix_spawn_file_actions_t *actions) {
  *actions = (posix_spawn_file_actions_t){0};
  return 0;
}

int posix_spawn_file_actions_destroy(posix_spawn_file_actions_t *actions) {
  for (int at = 0; at < actions->__count; at += 1) free(actions->__actions[at].path);
  free(actions->__actions);
  return posix_spawn_file_actions_init(actions);
}

static int add(posix_spawn_file_actions_t *actions, const char *path,
               struct bulkhead_file_action how) {
  if (actions->__count == actions->__capacity) {
    int capacity = actions->__capacity == 0 ? 8 : actions->__capacity * 2;
    struct __spawn_action *grown =
        realloc(actions->__actions, (size_t)capacity * sizeof *actions->__actions);
    if (grown == NULL) return ENOMEM;
    actions->__actions = grown;
    actions->__capacity = capacity;
  }
  char *copy = path == NULL ? NULL : strdup(path);
  if (path != NULL && copy == NULL) return ENOMEM;
  actions->__actions[actions->__count++] = (struct __spawn_action){.how = how, .path = copy};
  return 0;
}

int posix_spawn_file_actions_addopen(posix_spawn_file_actions_t *restrict actions, int fd,
                                     const char *restrict path, int flags, mode_t mode) {
  if (fd < 0) return EBADF;
  struct bulkhead_file_action how = {
      .kind = BULKHEAD_ACTION_OPEN, .fd = fd, .how = open_how(flags), .mode = mode};
  return add(actions, path, how);
}

int posix_spawn_file_actions_addclose(posix_spawn_file_actions_t *actions, int fd) {
  if (fd < 0) return EBADF;
  return add(actions, NULL, (struct bulkhead_file_action){.kind = BULKHEAD_ACTION_CLOSE, .fd = fd});
}

int posix_spawn_file_actions_adddup2(posix_spawn_file_actions_t *actions, int from, int to) {
  if (from < 0 || to < 0) return EBADF;
  return add(actions, NULL,
             (struct bulkhead_file_action){.kind = BULKHEAD_ACTION_DUP, .fd = to, .from = from});
}

int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *restrict actions,
                                         const char *restrict path) {
  return add(actions, path, (struct bulkhead_file_action){.kind = BULKHEAD_ACTION_CHDIR});
}

int posix_spawn_file_actions_addfchdir_np(posix_spawn_file_actions_t *actions, int fd) {
  if (fd < 0) return EBADF;
  return add(actions, NULL,
             (struct bulkhead_file_action){.kind = BULKHEAD_ACTION_FCHDIR, .fd = fd});
}
