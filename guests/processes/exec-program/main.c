// A process goes on as another program.
#include <fcntl.h>
#include <signal.h>

#include "../child.h"

/// What is still so after exec.
static int after(char **argv) {
  CHECK(getpid(), atoi(argv[2]));
  CHECK_TEXT(argv[3], "two\nlines");
  CHECK_TEXT(getenv("ONLY"), "this");
  CHECK(getenv("BEFORE") == NULL, 1);
  // One descriptor was to stay, the other was not.
  char text[4] = "";
  CHECK(read(7, text, 3), 3);
  CHECK_TEXT(text, "abc");
  CHECK_FAILS(fcntl(8, F_GETFD), EBADF);
  char buffer[64];
  CHECK_TEXT(getcwd(buffer, sizeof buffer), "/tmp");
  struct sigaction action;
  CHECK(sigaction(SIGUSR1, NULL, &action), 0);
  CHECK(action.sa_handler == SIG_IGN, 1);
  CHECK(sigaction(SIGUSR2, NULL, &action), 0);
  CHECK(action.sa_handler == SIG_DFL, 1);
  sigset_t set;
  CHECK(sigprocmask(SIG_BLOCK, NULL, &set), 0);
  CHECK(sigismember(&set, SIGTERM), 1);
  CHECK(sigismember(&set, SIGINT), 0);
  CHECK(sigpending(&set), 0);
  CHECK(sigismember(&set, SIGTERM), 1);
  holds("after exec");
  return 0;
}

static void ignored(int signal) { (void)signal; }

static void become_other(int signal) {
  (void)signal;
  execl(SELF, SELF, "late", (char *)NULL);
}

/// Two signals are let through at once. The handler of the first goes on as another program, which has none
/// for the second.
static void leave(int second) {
  sigset_t both;
  sigemptyset(&both);
  sigaddset(&both, SIGHUP);
  sigaddset(&both, second);
  CHECK(sigprocmask(SIG_BLOCK, &both, NULL), 0);
  CHECK(signal(SIGHUP, become_other) != SIG_ERR, 1);
  CHECK(signal(second, ignored) != SIG_ERR, 1);
  CHECK(raise(SIGHUP), 0);
  CHECK(raise(second), 0);
  sigprocmask(SIG_UNBLOCK, &both, NULL);
}

/// Its default action is that of the next program.
static void pending(void) {
  int status = status_of(child("leave", "10"));
  CHECK(WIFSIGNALED(status), 1);
  CHECK(WTERMSIG(status), SIGUSR1);
  CHECK(exit_of(child("leave", "17")), 5);
  holds("a signal for a handler that is gone");
}

static void go_on(void) {
  char pid[12];
  snprintf(pid, sizeof pid, "%d", (int)getpid());
  int fd = open("/tmp/abc", O_CREAT | O_RDWR, 0644);
  CHECK(write(fd, "abc", 3), 3);
  CHECK(lseek(fd, 0, SEEK_SET), 0);
  CHECK(dup2(fd, 7), 7);
  CHECK(dup3(fd, 8, O_CLOEXEC), 8);
  CHECK(chdir("/tmp"), 0);
  CHECK(signal(SIGUSR1, SIG_IGN) != SIG_ERR, 1);
  CHECK(signal(SIGUSR2, ignored) != SIG_ERR, 1);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  CHECK(sigprocmask(SIG_BLOCK, &set, NULL), 0);
  CHECK(raise(SIGTERM), 0);
  CHECK_FAILS(execl("/bin/none", "none", (char *)NULL), ENOENT);
  CHECK(fcntl(8, F_GETFD), FD_CLOEXEC);
  holds("before exec");
  char *const arguments[] = {SELF, "after", pid, "two\nlines", NULL};
  char *const environment[] = {"ONLY=this", NULL};
  execve(SELF, arguments, environment);
  CHECK(errno, 0);
}

int main(int argc, char **argv) {
  const char *part = argc > 1 ? argv[1] : "";
  if (strcmp(part, "after") == 0) return after(argv);
  if (strcmp(part, "go-on") == 0) go_on();
  if (strcmp(part, "late") == 0) return 5;
  if (strcmp(part, "leave") == 0) {
    leave(atoi(argv[2]));
    return 6;
  }
  mkdir("/tmp", 0777);
  be_runnable();
  setenv("BEFORE", "x", 1);
  CHECK(exit_of(child("go-on", NULL)), 0);
  holds("a child that is another program");
  pending();
  go_on();
  return 1;
}
