// Every way to wait for a child.
#include <fcntl.h>
#include <signal.h>

#include "../child.h"

static pid_t in_group(pid_t group, const char *part, const char *argument) {
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  CHECK(posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP), 0);
  CHECK(posix_spawnattr_setpgroup(&attributes, group), 0);
  pid_t pid = child_with(NULL, &attributes, part, argument);
  posix_spawnattr_destroy(&attributes);
  return pid;
}

static void nobody(void) {
  int status;
  CHECK_FAILS(waitpid(-1, &status, 0), ECHILD);
  CHECK_FAILS(waitpid(1, &status, WNOHANG), ECHILD);
  CHECK_FAILS(waitpid(-1, &status, 64), EINVAL);
  holds("nobody");
}

static void by_group(void) {
  int status;
  pid_t leader = in_group(0, "sleep", NULL);
  pid_t member = in_group(leader, "exit", "3");
  CHECK(getpgid(member), leader);
  CHECK(waitpid(0, &status, WNOHANG), -1);
  CHECK(errno, ECHILD);
  CHECK(waitpid(-leader, &status, 0), member);
  CHECK(WEXITSTATUS(status), 3);
  CHECK(waitpid(-leader, &status, WNOHANG), 0);
  CHECK(kill(-leader, SIGTERM), 0);
  CHECK(waitpid(-leader, &status, 0), leader);
  CHECK(WTERMSIG(status), SIGTERM);
  CHECK_FAILS(waitpid(-leader, &status, 0), ECHILD);
  holds("by group");
}

static void stops(void) {
  int status;
  pid_t pid = child("sleep", NULL);
  CHECK(kill(pid, SIGSTOP), 0);
  CHECK(waitpid(pid, &status, WUNTRACED), pid);
  CHECK(WIFSTOPPED(status), 1);
  CHECK(WSTOPSIG(status), SIGSTOP);
  CHECK(waitpid(pid, &status, WUNTRACED | WNOHANG), 0);
  CHECK(kill(pid, SIGCONT), 0);
  CHECK(waitpid(pid, &status, WCONTINUED), pid);
  CHECK(WIFCONTINUED(status), 1);
  CHECK(kill(pid, SIGKILL), 0);
  CHECK(waitpid(pid, &status, WUNTRACED | WCONTINUED), pid);
  CHECK(WTERMSIG(status), SIGKILL);
  holds("stops");
}

static void usage(void) {
  struct rusage used;
  int status;
  pid_t pid = child("work", NULL);
  CHECK(wait4(pid, &status, 0, &used), pid);
  CHECK(WEXITSTATUS(status), 0);
  CHECK(used.ru_utime.tv_sec >= 0, 1);
  pid = child("exit", "9");
  CHECK(wait(&status), pid);
  CHECK(WEXITSTATUS(status), 9);
  holds("usage");
}

static int work(void) {
  volatile unsigned sum = 0;
  for (unsigned turn = 0; turn < 1000000; turn += 1) sum += turn;
  return 0;
}

int main(int argc, char **argv) {
  const char *part = argc > 1 ? argv[1] : "";
  if (strcmp(part, "exit") == 0) return atoi(argv[2]);
  if (strcmp(part, "work") == 0) return work();
  if (strcmp(part, "sleep") == 0) {
    for (;;) pause();
  }
  be_runnable();
  nobody();
  by_group();
  stops();
  usage();
  return 0;
}
