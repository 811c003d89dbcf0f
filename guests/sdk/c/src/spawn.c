#include <spawn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "request.h"
#include "signal-state.h"

static int spawn(pid_t *pid, const struct request *request) {
  signals_tell_blocked();
  size_t length;
  void *bytes = request_bytes(request, &length);
  if (bytes == NULL) return ENOMEM;
  int32_t child;
  int error = bulkhead_proc_spawn(bytes, length, &child);
  free(bytes);
  if (error == 0 && pid != NULL) *pid = child;
  return error;
}

static char *const *variables(char *const *environment) {
  static char *const none[] = {NULL};
  if (environment == NULL) environment = environ;
  return environment == NULL ? none : environment;
}

int posix_spawn(pid_t *restrict pid, const char *restrict path,
                const posix_spawn_file_actions_t *actions,
                const posix_spawnattr_t *restrict attributes, char *const *restrict arguments,
                char *const *restrict environment) {
  struct request request = {
      .program = path,
      .arguments = arguments,
      .environment = variables(environment),
      .actions = actions,
      .attributes = attributes,
  };
  return spawn(pid, &request);
}

int posix_spawnp(pid_t *restrict pid, const char *restrict file,
                 const posix_spawn_file_actions_t *actions,
                 const posix_spawnattr_t *restrict attributes, char *const *restrict arguments,
                 char *const *restrict environment) {
  struct request request = {
      .program = file,
      .search = search_path(),
      .arguments = arguments,
      .environment = variables(environment),
      .actions = actions,
      .attributes = attributes,
  };
  return spawn(pid, &request);
}
