// Waits that a handler ends, also one of SA_RESTART.
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>
#include <wasix.h>

#include "answer.h"
#include "signal-state.h"

#define NS 1000000000ULL
/// As good as for ever.
#define YEARS (INT64_MAX / 2)

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * NS + (uint64_t)time.tv_nsec;
}

/// EINTR: a handler has run since there were `handled`. `left` are the nanoseconds that were not slept.
static int sleep_for(uint64_t ns, unsigned handled, uint64_t *left) {
  uint64_t until = now() + ns;
  signals_end_waits(true);
  // It may have run in one of the calls before: the sleep itself is over for what comes from here on.
  int error = signals_handled() == handled ? wasix_thread_sleep(ns) : EINTR;
  signals_end_waits(false);
  uint64_t at = now();
  *left = at < until ? until - at : 0;
  return error;
}

int nanosleep(const struct timespec *wanted, struct timespec *rest) {
  if (wanted->tv_sec < 0 || wanted->tv_nsec < 0 || wanted->tv_nsec >= (long)NS) {
    return answered(EINVAL);
  }
  uint64_t left;
  uint64_t ns = (uint64_t)wanted->tv_sec > YEARS / NS ? YEARS : (uint64_t)wanted->tv_sec * NS;
  int error = sleep_for(ns + (uint64_t)wanted->tv_nsec, signals_handled(), &left);
  if (error == EINTR && rest != NULL) {
    rest->tv_sec = (time_t)(left / NS);
    rest->tv_nsec = (long)(left % NS);
  }
  return answered(error);
}

unsigned sleep(unsigned seconds) {
  uint64_t left;
  return sleep_for(seconds * NS, signals_handled(), &left) == 0 ? 0 : (unsigned)((left + NS - 1) / NS);
}

int usleep(unsigned us) {
  uint64_t left;
  return answered(sleep_for((uint64_t)us * 1000, signals_handled(), &left));
}

/// Waits until a handler has run since there were `handled`.
static int until_handled(unsigned handled) {
  uint64_t left;
  while (signals_handled() == handled) sleep_for(YEARS, handled, &left);
  return answered(EINTR);
}

int pause(void) { return until_handled(signals_handled()); }

int sigsuspend(const sigset_t *mask) {
  unsigned long long before = signals_blocked();
  signals_end_waits(true);
  signals_suspend(mask->__bits);
  signals_end_waits(false);
  signals_block(before);
  return answered(EINTR);
}
