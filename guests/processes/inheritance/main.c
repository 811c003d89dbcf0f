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

/// What of USR1, USR2 and ALRM is blocked: a sum of 1, 2 and 4.
static int blocked(void) {
  sigset_t set;
  CHECK(sigprocmask(SIG_BLOCK, NULL, &set), 0);
  return sigismember(&set, SIGUSR1) + 2 * sigismember(&set, SIGUSR2) + 4 * sigismember(&set, SIGALRM);
}

static sigset_t set_of(int signals) {
  sigset_t set;
  sigemptyset(&set);
  if ((signals & 1) != 0) sigaddset(&set, SIGUSR1);
  if ((signals & 2) != 0) sigaddset(&set, SIGUSR2);
  if ((signals & 4) != 0) sigaddset(&set, SIGALRM);
  return set;
}

/// The mask of a child, whose parent has blocked `own`; -1: it is told nothing.
static int mask_of_child(int own, int wanted) {
  sigset_t set = set_of(own), none = set_of(0);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  CHECK(sigprocmask(SIG_SETMASK, &set, NULL), 0);
  if (wanted >= 0) {
    set = set_of(wanted);
    CHECK(posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK), 0);
    CHECK(posix_spawnattr_setsigmask(&attributes, &set), 0);
  }
  int mask = exit_of(child_with(NULL, &attributes, "blocked", NULL));
  CHECK(blocked(), own);
  CHECK(sigprocmask(SIG_SETMASK, &none, NULL), 0);
  return mask;
}

static void in_handler(int signal) {
  // Itself, and what sa_mask says.
  CHECK(exit_of(child("blocked", NULL)), signal == SIGUSR1 ? 5 : 6);
}

static void masks(void) {
  struct sigaction action = {.sa_handler = in_handler, .sa_mask = set_of(4)};
  for (int own = 0; own < 8; own += 1) {
    for (int wanted = -1; wanted < 8; wanted += 1) {
      CHECK(mask_of_child(own, wanted), wanted < 0 ? own : wanted);
    }
  }
  CHECK(sigaction(SIGUSR1, &action, NULL), 0);
  CHECK(sigaction(SIGUSR2, &action, NULL), 0);
  CHECK(raise(SIGUSR1), 0);
  CHECK(blocked(), 0);
  CHECK(raise(SIGUSR2), 0);
  CHECK(blocked(), 0);
  holds("masks");
}

/// One that its parent has blocked comes once it is let through, and ends it.
static int let_through(void) {
  sigset_t waiting, none = set_of(0);
  CHECK(kill(getpid(), SIGUSR1), 0);
  CHECK(sigpending(&waiting), 0);
  CHECK(sigismember(&waiting, SIGUSR1), 1);
  sigprocmask(SIG_SETMASK, &none, NULL);
  return 1;
}

static void pending(void) {
  sigset_t set = set_of(1), none = set_of(0);
  CHECK(sigprocmask(SIG_SETMASK, &set, NULL), 0);
  int status = status_of(child("let-through", NULL));
  CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGUSR1, 1);
  // What waits for a parent does not wait for its child.
  CHECK(kill(getpid(), SIGUSR1), 0);
  CHECK(exit_of(child("nothing-waits", NULL)), 0);
  CHECK(signal(SIGUSR1, SIG_IGN) != SIG_ERR, 1);
  CHECK(sigprocmask(SIG_SETMASK, &none, NULL), 0);
  CHECK(signal(SIGUSR1, SIG_DFL) != SIG_ERR, 1);
  holds("what waits");
}

static int nothing_waits(void) {
  sigset_t waiting;
  CHECK(sigpending(&waiting), 0);
  return sigismember(&waiting, SIGUSR1);
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
  if (argc > 1 && strcmp(argv[1], "blocked") == 0) return blocked();
  if (argc > 1 && strcmp(argv[1], "let-through") == 0) return let_through();
  if (argc > 1 && strcmp(argv[1], "nothing-waits") == 0) return nothing_waits();
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
  masks();
  pending();
  whole();
  return 0;
}
