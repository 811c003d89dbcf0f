// Signals that a process sends to itself.
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "../check.h"

static int last;
static int count;

static void note(int signal) {
  last = signal;
  count += 1;
}

static void handle(int signal, int flags) {
  struct sigaction action = {.sa_handler = note, .sa_flags = flags};
  CHECK(sigaction(signal, &action, NULL), 0);
}

static void handlers(void) {
  struct sigaction old;
  CHECK(sigaction(SIGUSR1, NULL, &old), 0);
  CHECK(old.sa_handler == SIG_DFL, 1);
  handle(SIGUSR1, 0);
  CHECK(raise(SIGUSR1), 0);
  CHECK(last, SIGUSR1);
  CHECK(sigaction(SIGUSR1, NULL, &old), 0);
  CHECK(old.sa_handler == note, 1);
  CHECK(kill(getpid(), SIGUSR1), 0);
  CHECK(count, 2);
  CHECK(signal(SIGUSR1, SIG_IGN) == note, 1);
  CHECK(raise(SIGUSR1), 0);
  CHECK(count, 2);
  CHECK_FAILS(sigaction(SIGKILL, &old, NULL), EINVAL);
  CHECK_FAILS(kill(getpid(), 65), EINVAL);
  CHECK_FAILS(kill(32000, 0), ESRCH);
  CHECK(kill(getpid(), 0), 0);
  holds("handlers");
}

static void once(void) {
  count = 0;
  handle(SIGUSR2, (int)SA_RESETHAND);
  CHECK(raise(SIGUSR2), 0);
  struct sigaction now;
  CHECK(sigaction(SIGUSR2, NULL, &now), 0);
  CHECK(now.sa_handler == SIG_DFL, 1);
  CHECK(count, 1);
  holds("once");
}

static void masks(void) {
  sigset_t set, old, waiting;
  count = 0;
  handle(SIGUSR1, 0);
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  CHECK(sigprocmask(SIG_BLOCK, &set, &old), 0);
  CHECK(sigismember(&old, SIGUSR1), 0);
  CHECK(raise(SIGUSR1), 0);
  CHECK(raise(SIGUSR1), 0);
  CHECK(count, 0);
  CHECK(sigpending(&waiting), 0);
  CHECK(sigismember(&waiting, SIGUSR1), 1);
  CHECK(sigprocmask(SIG_UNBLOCK, &set, NULL), 0);
  CHECK(count, 1);
  CHECK(sigpending(&waiting), 0);
  CHECK(sigismember(&waiting, SIGUSR1), 0);
  holds("masks");
}

static void suspended(void) {
  sigset_t set, none;
  count = 0;
  handle(SIGUSR1, SA_RESTART);
  sigemptyset(&none);
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  CHECK(sigprocmask(SIG_BLOCK, &set, NULL), 0);
  CHECK(raise(SIGUSR1), 0);
  CHECK_FAILS(sigsuspend(&none), EINTR);
  CHECK(count, 1);
  CHECK(sigprocmask(SIG_UNBLOCK, &set, NULL), 0);
  holds("sigsuspend");
}

static void nested(int signal) {
  // The same signal waits until its handler is over.
  if (count == 0) {
    count = 1;
    raise(signal);
    CHECK(count, 1);
    return;
  }
  count += 1;
}

static void deferred(void) {
  struct sigaction action = {.sa_handler = nested};
  count = 0;
  CHECK(sigaction(SIGUSR1, &action, NULL), 0);
  CHECK(raise(SIGUSR1), 0);
  CHECK(getpid() > 0, 1);
  CHECK(count, 2);
  holds("one at a time");
}

static void slept(void) {
  struct timespec wanted = {.tv_nsec = 1000000};
  CHECK(nanosleep(&wanted, NULL), 0);
  CHECK(sleep(0), 0);
  CHECK(usleep(10), 0);
  CHECK_TEXT(strsignal(SIGTERM), "Terminated");
  holds("sleep");
}

int main(void) {
  handlers();
  once();
  masks();
  suspended();
  deferred();
  slept();
  return 0;
}
