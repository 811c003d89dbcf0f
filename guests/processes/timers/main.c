// Timers that send a signal.
#include <signal.h>
#include <sys/time.h>
#include <time.h>

#include "../child.h"

static volatile sig_atomic_t count;

static void note(int signal) {
  (void)signal;
  count += 1;
}

static void handle(void) {
  struct sigaction action = {.sa_handler = note};
  sigset_t set;
  CHECK(sigaction(SIGALRM, &action, NULL), 0);
  sigemptyset(&set);
  sigaddset(&set, SIGALRM);
  // It comes in the wait for it, and nowhere else.
  CHECK(sigprocmask(SIG_BLOCK, &set, NULL), 0);
  count = 0;
}

static void until(int wanted) {
  sigset_t none;
  sigemptyset(&none);
  while (count < wanted) CHECK_FAILS(sigsuspend(&none), EINTR);
}

static struct itimerval setting(long first_us, long interval_us) {
  return (struct itimerval){
      .it_value = {.tv_sec = first_us / 1000000, .tv_usec = first_us % 1000000},
      .it_interval = {.tv_sec = interval_us / 1000000, .tv_usec = interval_us % 1000000},
  };
}

static void one_shot(void) {
  struct itimerval now;
  handle();
  CHECK(alarm(100), 0);
  CHECK(alarm(0), 100);
  CHECK(alarm(0), 0);
  CHECK(ualarm(1000, 0), 0);
  until(1);
  CHECK(getitimer(ITIMER_REAL, &now), 0);
  CHECK(now.it_value.tv_sec + now.it_value.tv_usec, 0);
  CHECK(alarm(1), 0);
  until(2);
  holds("once");
}

static void repeating(void) {
  struct itimerval old, every = setting(1000, 2000), none = setting(0, 0);
  handle();
  CHECK(setitimer(ITIMER_REAL, &every, NULL), 0);
  until(4);
  CHECK(getitimer(ITIMER_REAL, &old), 0);
  CHECK(old.it_interval.tv_usec, 2000);
  CHECK(old.it_value.tv_usec <= 2000, 1);
  CHECK(setitimer(ITIMER_REAL, &none, &old), 0);
  CHECK(old.it_interval.tv_usec, 2000);
  every = setting(90000000, 0);
  CHECK(setitimer(ITIMER_REAL, &every, &old), 0);
  CHECK(old.it_value.tv_sec + old.it_value.tv_usec, 0);
  CHECK(setitimer(ITIMER_REAL, &none, &old), 0);
  CHECK(old.it_value.tv_sec >= 80, 1);
  holds("again and again");
}

static void failures(void) {
  struct itimerval bad = setting(1000, 0);
  CHECK_FAILS(setitimer(ITIMER_PROF, &bad, NULL), EINVAL);
  CHECK_FAILS(getitimer(7, &bad), EINVAL);
  bad.it_value.tv_usec = 1000000;
  CHECK_FAILS(setitimer(ITIMER_REAL, &bad, NULL), EINVAL);
  bad.it_value = (struct timeval){.tv_sec = -1};
  CHECK_FAILS(setitimer(ITIMER_REAL, &bad, NULL), EINVAL);
  holds("failures");
}

/// A wait is ended by it, and so is what has no handler.
static void waits(void) {
  struct timespec hour = {.tv_sec = 3600};
  sigset_t set;
  handle();
  sigemptyset(&set);
  CHECK(sigprocmask(SIG_SETMASK, &set, NULL), 0);
  struct itimerval every = setting(1000, 1000), none = setting(0, 0);
  CHECK(setitimer(ITIMER_REAL, &every, NULL), 0);
  CHECK_FAILS(nanosleep(&hour, NULL), EINTR);
  CHECK(setitimer(ITIMER_REAL, &none, NULL), 0);
  int status = status_of(child("dies", NULL));
  CHECK(WIFSIGNALED(status), 1);
  CHECK(WTERMSIG(status), SIGALRM);
  status = status_of(child("spins", NULL));
  CHECK(WTERMSIG(status), SIGALRM);
  holds("waits");
}

static void inherited(void) {
  handle();
  CHECK(alarm(1000), 0);
  CHECK(exit_of(child("looks", NULL)), 0);
  unsigned left = alarm(0);
  CHECK(left > 900 && left <= 1000, 1);
  sigset_t none;
  sigemptyset(&none);
  CHECK(sigprocmask(SIG_SETMASK, &none, NULL), 0);
  CHECK(WTERMSIG(status_of(child("goes-on", NULL))), SIGALRM);
  holds("children and exec");
}

static int dies(void) {
  ualarm(1000, 0);
  for (;;) pause();
}

static int spins(void) {
  ualarm(1000, 0);
  for (volatile unsigned turn = 0;; turn += 1) continue;
}

static int goes_on(void) {
  CHECK(alarm(1), 0);
  execl(SELF, SELF, "waits", (char *)NULL);
  return 1;
}

/// As PID 1, which no signal ends that it does not handle.
static int sleeper(void) {
  struct timespec hour = {.tv_sec = 3600}, left, moment = {.tv_nsec = 30000000};
  struct sigaction action = {.sa_handler = note};
  ualarm(1000, 0);
  CHECK(nanosleep(&moment, NULL), 0);
  CHECK(sigaction(SIGALRM, &action, NULL), 0);
  struct itimerval every = setting(1000000, 5000);
  CHECK(setitimer(ITIMER_REAL, &every, NULL), 0);
  CHECK_FAILS(nanosleep(&hour, &left), EINTR);
  CHECK(left.tv_sec >= 3590, 1);
  // A machine that is busy may let several come before the sleep returns.
  int woken = count;
  CHECK(woken >= 1, 1);
  CHECK_FAILS(nanosleep(&hour, NULL), EINTR);
  CHECK(count > woken, 1);
  for (volatile unsigned turn = 0; count < woken + 5; turn += 1) {
    // In the midst of a computation that calls now and then, where a clock goes on meanwhile.
    if (turn % 100000 == 0) usleep(10);
  }
  holds("woken");
  return 0;
}

int main(int argc, char **argv) {
  const char *part = argc > 1 ? argv[1] : "";
  if (strcmp(part, "dies") == 0) return dies();
  if (strcmp(part, "spins") == 0) return spins();
  if (strcmp(part, "sleeper") == 0) return sleeper();
  if (strcmp(part, "looks") == 0) return alarm(0) == 0 ? 0 : 1;
  if (strcmp(part, "goes-on") == 0) return goes_on();
  if (strcmp(part, "waits") == 0) for (;;) pause();
  be_runnable();
  one_shot();
  repeating();
  failures();
  waits();
  inherited();
  return 0;
}
