// What a child begins with.
#include <fcntl.h>
#include <signal.h>

#include "../child.h"

static int looked(void) {
  char text[64] = "";
  CHECK_TEXT(getenv("GIVEN"), "yes");
  CHECK_TEXT(getcwd(text, sizeof text), "/tmp/there");
  // Opened in the directory that the child had by then.
  memset(text, 0, sizeof text);
  CHECK(read(5, text, sizeof text), 4);
  CHECK_TEXT(text, "text");
  CHECK(lseek(6, 0, SEEK_CUR), 4);
  CHECK_FAILS(fcntl(9, F_GETFD), EBADF);
  CHECK_FAILS(fcntl(10, F_GETFD), EBADF);
  struct sigaction action;
  CHECK(sigaction(SIGINT, NULL, &action), 0);
  CHECK(action.sa_handler == SIG_IGN, 1);
  CHECK(sigaction(SIGTERM, NULL, &action), 0);
  CHECK(action.sa_handler == SIG_DFL, 1);
  CHECK(sigaction(SIGQUIT, NULL, &action), 0);
  CHECK(action.sa_handler == SIG_IGN, 1);
  struct stat found;
  CHECK(stat("made", &found), 0);
  CHECK(found.st_mode & 07777, 0640);
  CHECK(getsid(0), getpid());
  CHECK(getpgrp(), getpid());
  CHECK(getppid(), 1);
  return 0;
}

static void actions_of(posix_spawn_file_actions_t *actions) {
  posix_spawn_file_actions_init(actions);
  CHECK(posix_spawn_file_actions_addchdir_np(actions, "there"), 0);
  CHECK(posix_spawn_file_actions_addopen(actions, 5, "file", O_RDONLY, 0), 0);
  CHECK(posix_spawn_file_actions_adddup2(actions, 8, 6), 0);
  CHECK(posix_spawn_file_actions_addclose(actions, 9), 0);
  CHECK(posix_spawn_file_actions_addopen(actions, 11, "made", O_CREAT | O_WRONLY, 0666), 0);
}

static void attributes_of(posix_spawnattr_t *attributes) {
  sigset_t set;
  posix_spawnattr_init(attributes);
  CHECK(posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSID), 0);
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  CHECK(posix_spawnattr_setsigdefault(attributes, &set), 0);
  sigemptyset(&set);
  sigaddset(&set, SIGQUIT);
  CHECK(posix_spawnattr_setsigignore_np(attributes, &set), 0);
}

static void whole(void) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  signal(SIGINT, SIG_IGN);
  signal(SIGTERM, SIG_IGN);
  setenv("GIVEN", "yes", 1);
  actions_of(&actions);
  attributes_of(&attributes);
  umask(027);
  CHECK(exit_of(child_with(&actions, &attributes, "looked", NULL)), 0);
  posix_spawn_file_actions_destroy(&actions);
  // Nothing of it was done to the parent.
  char text[64];
  CHECK_TEXT(getcwd(text, sizeof text), "/tmp");
  CHECK(fcntl(9, F_GETFD), 0);
  CHECK_FAILS(fcntl(5, F_GETFD), EBADF);
  holds("all of it");
}

static void failing(void) {
  posix_spawn_file_actions_t actions;
  char *const arguments[] = {SELF, NULL};
  pid_t pid;
  posix_spawn_file_actions_init(&actions);
  CHECK(posix_spawn_file_actions_addopen(&actions, 5, "none", O_RDONLY, 0), 0);
  CHECK(posix_spawn(&pid, SELF, &actions, NULL, arguments, environ), ENOENT);
  posix_spawn_file_actions_destroy(&actions);
  posix_spawn_file_actions_init(&actions);
  CHECK(posix_spawn_file_actions_adddup2(&actions, 77, 1), 0);
  CHECK(posix_spawn(&pid, SELF, &actions, NULL, arguments, environ), EBADF);
  posix_spawn_file_actions_destroy(&actions);
  CHECK_FAILS(wait(NULL), ECHILD);
  holds("an action that fails");
}

int main(int argc, char **argv) {
  if (argc > 1 && strcmp(argv[1], "looked") == 0) return looked();
  be_runnable();
  mkdir("/tmp", 0777);
  CHECK(mkdir("/tmp/there", 0755), 0);
  CHECK(chdir("/tmp"), 0);
  int fd = open("there/file", O_CREAT | O_RDWR, 0644);
  CHECK(write(fd, "text", 4), 4);
  CHECK(dup2(fd, 8), 8);
  CHECK(dup2(fd, 9), 9);
  CHECK(dup3(fd, 10, O_CLOEXEC), 10);
  close(fd);
  failing();
  whole();
  return 0;
}
