// Commands of a shell.
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define SHELL "/bin/sh"

static int spawn_shell(pid_t *pid, const char *command, const posix_spawn_file_actions_t *actions,
                       const posix_spawnattr_t *attributes) {
  char *const arguments[] = {"sh", "-c", (char *)command, NULL};
  return posix_spawn(pid, SHELL, actions, attributes, arguments, environ);
}

static int wait_for(pid_t pid) {
  int status;
  while (waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) return -1;
  }
  return status;
}

/// The child does not inherit what system() ignores meanwhile.
static void keep_default(const struct sigaction *old, int signal, sigset_t *defaults) {
  if (old->sa_handler != SIG_IGN) sigaddset(defaults, signal);
}

int system(const char *command) {
  if (command == NULL) return access(SHELL, X_OK) == 0;
  struct sigaction ignore = {.sa_handler = SIG_IGN};
  struct sigaction interrupt, quit;
  sigset_t child, before;
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigaction(SIGINT, &ignore, &interrupt);
  sigaction(SIGQUIT, &ignore, &quit);
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  sigprocmask(SIG_BLOCK, &child, &before);
  keep_default(&interrupt, SIGINT, &attributes.__defaults);
  keep_default(&quit, SIGQUIT, &attributes.__defaults);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
  pid_t pid;
  int error = spawn_shell(&pid, command, NULL, &attributes);
  int status = error == 0 ? wait_for(pid) : 127 << 8;
  sigaction(SIGINT, &interrupt, NULL);
  sigaction(SIGQUIT, &quit, NULL);
  sigprocmask(SIG_SETMASK, &before, NULL);
  return status;
}

struct command {
  FILE *stream;
  pid_t pid;
  struct command *next;
};
static struct command *commands;

static FILE *start(struct command *command, const char *text, bool reads) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return NULL;
  int own = reads ? ends[0] : ends[1];
  int other = reads ? ends[1] : ends[0];
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, other, reads ? STDOUT_FILENO : STDIN_FILENO);
  int error = spawn_shell(&command->pid, text, &actions, NULL);
  posix_spawn_file_actions_destroy(&actions);
  close(other);
  command->stream = error == 0 ? fdopen(own, reads ? "r" : "w") : NULL;
  if (command->stream == NULL) close(own);
  if (error != 0) errno = error;
  return command->stream;
}

FILE *popen(const char *text, const char *mode) {
  if (*mode != 'r' && *mode != 'w') {
    errno = EINVAL;
    return NULL;
  }
  struct command *command = malloc(sizeof *command);
  if (command == NULL) return NULL;
  if (start(command, text, *mode == 'r') == NULL) {
    free(command);
    return NULL;
  }
  command->next = commands;
  commands = command;
  return command->stream;
}

int pclose(FILE *stream) {
  struct command **at = &commands;
  while (*at != NULL && (*at)->stream != stream) at = &(*at)->next;
  struct command *command = *at;
  if (command == NULL) {
    errno = EINVAL;
    return -1;
  }
  *at = command->next;
  pid_t pid = command->pid;
  free(command);
  fclose(stream);
  return wait_for(pid);
}
