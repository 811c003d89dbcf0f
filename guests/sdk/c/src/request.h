// A request to spawn or to exec, as it is put together. See struct bulkhead_spawn.
#ifndef SDK_REQUEST_H
#define SDK_REQUEST_H
#include <stdbool.h>
#include <stddef.h>
#include <spawn.h>

#include "spawn-action.h"

struct request {
  const char *program;
  /// Directories to search, or NULL.
  const char *search;
  char *const *arguments;
  char *const *environment;
  const posix_spawn_file_actions_t *actions;
  const posix_spawnattr_t *attributes;
};

/// The bytes of a request, which the caller frees; NULL and errno: there is no memory.
void *request_bytes(const struct request *request, size_t *length);

/// PATH, or where programs are when it says nothing.
const char *search_path(void);

#endif
