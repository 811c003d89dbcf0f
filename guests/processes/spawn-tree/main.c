// Children of children, how they end, and what cannot be started.
#include <fcntl.h>

#include "../child.h"

static int deeper(int depth) {
  char text[12];
  if (depth == 0) return 7;
  snprintf(text, sizeof text, "%d", depth - 1);
  return exit_of(child("deeper", text)) + 1;
}

static void endings(void) {
  CHECK(exit_of(child("exit", "0")), 0);
  CHECK(exit_of(child("exit", "300")), 300 & 0xff);
  int status = status_of(child("trap", NULL));
  CHECK(WIFSIGNALED(status), 1);
  CHECK(WTERMSIG(status), 6);
  holds("endings");
}

static void failures(void) {
  char *const none[] = {"none", NULL};
  pid_t pid;
  CHECK(posix_spawn(&pid, "/bin/none", NULL, NULL, none, environ), ENOENT);
  CHECK(posix_spawnp(&pid, "none", NULL, NULL, none, environ), ENOENT);
  CHECK(close(open("/bin/text", O_CREAT | O_WRONLY, 0755)), 0);
  CHECK(posix_spawn(&pid, "/bin/text", NULL, NULL, none, environ), ENOEXEC);
  CHECK(chmod("/bin/text", 0644), 0);
  CHECK(posix_spawn(&pid, "/bin/text", NULL, NULL, none, environ), EACCES);
  CHECK(posix_spawn(&pid, "/bin", NULL, NULL, none, environ), EACCES);
  int status;
  CHECK_FAILS(waitpid(-1, &status, 0), ECHILD);
  holds("failures");
}

static void searched(void) {
  char *const arguments[] = {"self", "exit", "5", NULL};
  pid_t pid;
  CHECK(setenv("PATH", "/none:/bin", 1), 0);
  CHECK(posix_spawnp(&pid, "self", NULL, NULL, arguments, environ), 0);
  CHECK(exit_of(pid), 5);
  holds("searched");
}

static void many(void) {
  pid_t pids[8];
  for (int at = 0; at < 8; at += 1) {
    char text[12];
    snprintf(text, sizeof text, "%d", at);
    pids[at] = child("exit", text);
  }
  for (int at = 7; at >= 0; at -= 1) CHECK(exit_of(pids[at]), at);
  holds("many at once");
}

int main(int argc, char **argv) {
  const char *part = argc > 1 ? argv[1] : "";
  if (strcmp(part, "exit") == 0) return atoi(argv[2]);
  if (strcmp(part, "trap") == 0) __builtin_trap();
  if (strcmp(part, "deeper") == 0) return deeper(atoi(argv[2]));
  be_runnable();
  endings();
  CHECK(deeper(4), 11);
  holds("four generations");
  failures();
  searched();
  many();
  return 0;
}
