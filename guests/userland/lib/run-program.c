#include "run-program.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "message.h"

extern char **environ;

static int status_of(int error) { return error == ENOENT || error == ENOTDIR ? NOT_FOUND : NOT_EXECUTABLE; }

static void tell(const char *name, int error) {
  errno = error;
  message_errno("%s", name);
}

static int spawn(pid_t *pid, char **argv, const struct start *how) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  int error = posix_spawn_file_actions_init(&actions);
  if (error != 0) return error;
  error = posix_spawnattr_init(&attributes);
  if (error == 0 && how->directory != NULL) error = posix_spawn_file_actions_addchdir_np(&actions, how->directory);
  if (error == 0 && how->no_input) {
    error = posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  }
  if (error == 0 && how->own_group) {
    error = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    if (error == 0) error = posix_spawnattr_setpgroup(&attributes, 0);
  }
  if (error == 0) error = posix_spawnp(pid, argv[0], &actions, &attributes, argv, environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

pid_t start_program(char **argv, const struct start *how, int *status) {
  fflush(stdout);
  pid_t pid;
  int error = spawn(&pid, argv, how);
  if (error == 0) return pid;
  tell(argv[0], error);
  *status = status_of(error);
  return -1;
}

int shell_status(int wait_status) {
  return WIFSIGNALED(wait_status) ? 128 + WTERMSIG(wait_status) : WEXITSTATUS(wait_status);
}

int run_program(char **argv, const struct start *how) {
  int status;
  pid_t pid = start_program(argv, how, &status);
  if (pid < 0) return status;
  while (waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) return NOT_EXECUTABLE;
  }
  return shell_status(status);
}

int become_program(char **argv) {
  fflush(stdout);
  execvp(argv[0], argv);
  int error = errno;
  tell(argv[0], error);
  return status_of(error);
}
