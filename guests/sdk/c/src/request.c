#include "request.h"

#include <bulkhead.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "signal-set.h"

#define DEFAULT_PATH "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

/// Where the next bytes go; while `bytes` is NULL they are only counted.
struct writer {
  char *bytes;
  size_t length;
};

static void put(struct writer *to, const void *from, size_t length) {
  if (to->bytes != NULL) memcpy(to->bytes + to->length, from, length);
  to->length += length;
}

static void put_text(struct writer *to, const char *text) { put(to, text, strlen(text) + 1); }

static uint32_t put_texts(struct writer *to, char *const *texts) {
  uint32_t count = 0;
  for (; texts[count] != NULL; count += 1) put_text(to, texts[count]);
  return count;
}

static uint32_t count_of(char *const *texts) {
  uint32_t count = 0;
  while (texts[count] != NULL) count += 1;
  return count;
}

/// Signals that a child begins with in that way, by their bits.
static unsigned long long set_of(const posix_spawnattr_t *attributes, uint8_t change) {
  if (attributes == NULL) return 0;
  unsigned long long ignored = attributes->__ignored.__bits;
  bool masks = (attributes->__flags & POSIX_SPAWN_SETSIGMASK) != 0;
  switch (change) {
    case BULKHEAD_CHANGE_DEFAULT:
      return (attributes->__flags & POSIX_SPAWN_SETSIGDEF) != 0 ? attributes->__defaults.__bits & ~ignored : 0;
    case BULKHEAD_CHANGE_IGNORE:
      return ignored;
    case BULKHEAD_CHANGE_BLOCK:
      return masks ? attributes->__mask.__bits : 0;
    default:
      return masks ? ~attributes->__mask.__bits : 0;
  }
}

/// Also while they are only counted.
static uint32_t put_changes(struct writer *to, const posix_spawnattr_t *attributes) {
  uint32_t count = 0;
  for (uint8_t kind = BULKHEAD_CHANGE_DEFAULT; kind <= BULKHEAD_CHANGE_UNBLOCK; kind += 1) {
    unsigned long long signals = set_of(attributes, kind);
    for (; signals != 0; signals &= signals - 1, count += 1) {
      struct bulkhead_signal_change change = {.signal = (uint8_t)(__builtin_ctzll(signals) + 1), .change = kind};
      put(to, &change, sizeof change);
    }
  }
  return count;
}

static struct bulkhead_spawn header_of(const struct request *request) {
  struct bulkhead_spawn header = {.version = BULKHEAD_SPAWN_VERSION};
  if (request->search != NULL) header.flags |= BULKHEAD_SPAWN_SEARCH;
  const posix_spawnattr_t *attributes = request->attributes;
  if (attributes != NULL && (attributes->__flags & POSIX_SPAWN_SETPGROUP) != 0) {
    header.flags |= BULKHEAD_SPAWN_GROUP;
    header.group = attributes->__group;
  }
  if (attributes != NULL && (attributes->__flags & POSIX_SPAWN_SETSID) != 0) {
    header.flags |= BULKHEAD_SPAWN_SESSION;
  }
  header.argument_count = count_of(request->arguments);
  header.environment_count = count_of(request->environment);
  header.file_count = request->actions == NULL ? 0 : (uint32_t)request->actions->__count;
  header.signal_count = put_changes(&(struct writer){0}, attributes);
  return header;
}

static void write_all(const struct request *request, struct writer *to) {
  struct bulkhead_spawn header = header_of(request);
  put(to, &header, sizeof header);
  const struct __spawn_action *actions =
      request->actions == NULL ? NULL : request->actions->__actions;
  for (uint32_t at = 0; at < header.file_count; at += 1) {
    put(to, &actions[at].how, sizeof actions[at].how);
  }
  put_changes(to, request->attributes);
  put_text(to, request->program);
  if (request->search != NULL) put_text(to, request->search);
  put_texts(to, request->arguments);
  put_texts(to, request->environment);
  for (uint32_t at = 0; at < header.file_count; at += 1) {
    if (actions[at].path != NULL) put_text(to, actions[at].path);
  }
}

void *request_bytes(const struct request *request, size_t *length) {
  struct writer to = {0};
  write_all(request, &to);
  to = (struct writer){.bytes = malloc(to.length)};
  if (to.bytes == NULL) return NULL;
  write_all(request, &to);
  *length = to.length;
  return to.bytes;
}

const char *search_path(void) {
  const char *path = getenv("PATH");
  return path == NULL || *path == '\0' ? DEFAULT_PATH : path;
}
