#ifndef SDK_SPAWN_ACTION_H
#define SDK_SPAWN_ACTION_H
#include <bulkhead.h>

struct __spawn_action {
  struct bulkhead_file_action how;
  /// NULL where there is none.
  char *path;
};

#endif
