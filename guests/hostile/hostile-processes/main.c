// What a guest can do with processes that it starts: the program is /p, and starts itself.
#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static pid_t start(const char *trouble) {
  char *arguments[] = {"/p", (char *)trouble, NULL};
  pid_t pid = 0;
  int error = posix_spawn(&pid, "/p", NULL, NULL, arguments, environ);
  errno = error;
  return error == 0 ? pid : -1;
}

// Each copy starts others for as long as it lives.
static int bomb(void) {
  int said = getpid() != 1;
  for (;;) {
    if (start("bomb") > 0 || said) continue;
    printf("%s\n", errno == EAGAIN ? "EAGAIN" : strerror(errno));
    fflush(stdout);
    said = 1;
  }
}

static int end_at_once(void) { return 0; }

// Ends before its child does.
static int leave_an_orphan(void) { return start("end-at-once") > 0 ? 0 : 1; }

static int fill(const char *trouble) {
  int count = 0;
  while (start(trouble) > 0) count += 1;
  return errno == EAGAIN ? count : -1;
}

static int reap(void) {
  int count = 0;
  while (waitpid(-1, NULL, 0) > 0) count += 1;
  return count;
}

// Children that nobody asks for keep their places, and give them back when somebody does.
static int farm(void) {
  int started = fill("end-at-once");
  printf("zombies: %s\n", started > 0 ? "EAGAIN" : strerror(errno));
  printf("asked for: %s\n", reap() == started ? "all" : "some");
  pid_t parent = start("leave-an-orphan");
  printf("a parent: %s\n", parent > 0 ? "started" : strerror(errno));
  printf("it and its orphan: %d\n", reap());
  signal(SIGCHLD, SIG_IGN);
  int more = 0;
  for (int turn = 0; turn < 3 * started; turn += 1) {
    while (start("end-at-once") < 0 && errno == EAGAIN) usleep(1000);
    more += 1;
  }
  printf("of children that are nobody's: %s\n", more == 3 * started ? "no end" : "an end");
  return 0;
}

static int spin(void) {
  for (volatile int turn = 0;; turn += 1) continue;
}

// Each of them has work without end; who started them only waits.
static int brood(void) {
  fill("spin");
  return reap();
}

static int work_a_little(void) {
  for (volatile int turn = 0; turn < 100000; turn += 1) continue;
  return 0;
}

// None of them does much, and there is always one more.
static int mayflies(void) {
  for (;;) {
    if (start("work-a-little") < 0) return 1;
    reap();
  }
}

static const struct {
  const char *name;
  int (*run)(void);
} TROUBLES[] = {
    {"bomb", bomb},
    {"end-at-once", end_at_once},
    {"leave-an-orphan", leave_an_orphan},
    {"farm", farm},
    {"spin", spin},
    {"brood", brood},
    {"work-a-little", work_a_little},
    {"mayflies", mayflies},
};

int main(int argc, char **argv) {
  for (size_t at = 0; argc > 1 && at < sizeof TROUBLES / sizeof *TROUBLES; at += 1) {
    if (strcmp(TROUBLES[at].name, argv[1]) == 0) return TROUBLES[at].run();
  }
  return 2;
}
