// Children that run this very program, which a test puts at SELF.
#ifndef CHILD_H
#define CHILD_H
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

#define SELF "/bin/self"

/// Before the first child: files that a test puts in are not to be run.
static inline void be_runnable(void) { CHECK(chmod(SELF, 0755), 0); }

static inline pid_t child_with(const posix_spawn_file_actions_t *actions,
                               const posix_spawnattr_t *attributes, const char *part,
                               const char *argument) {
  char *const arguments[] = {SELF, (char *)part, (char *)argument, NULL};
  pid_t pid = 0;
  fflush(NULL);
  CHECK(posix_spawn(&pid, SELF, actions, attributes, arguments, environ), 0);
  CHECK(pid > 1, 1);
  return pid;
}

/// A child that plays `part`.
static inline pid_t child(const char *part, const char *argument) {
  return child_with(NULL, NULL, part, argument);
}

static inline int status_of(pid_t pid) {
  int status = -1;
  CHECK(waitpid(pid, &status, 0), pid);
  return status;
}

static inline int exit_of(pid_t pid) {
  int status = status_of(pid);
  CHECK(WIFEXITED(status), 1);
  return WEXITSTATUS(status);
}

#endif
