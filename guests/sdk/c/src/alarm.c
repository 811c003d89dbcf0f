// The one timer that a process has of each kind: here, that of SIGALRM.
#include <errno.h>
#include <sys/time.h>
#include <unistd.h>

#include "answer.h"

#define NS 1000000000ULL
#define NS_PER_US 1000ULL
#define US 1000000
/// Seconds that fit into the nanoseconds of a timer, and then some.
#define MOST_SECONDS (1ULL << 33)

static uint64_t ns_of(struct timeval time) {
  uint64_t seconds = (uint64_t)time.tv_sec;
  if (seconds > MOST_SECONDS) seconds = MOST_SECONDS;
  return seconds * NS + (uint64_t)time.tv_usec * NS_PER_US;
}

/// Rounded up: what is left is not nothing.
static struct timeval time_of(uint64_t ns) {
  uint64_t us = (ns + NS_PER_US - 1) / NS_PER_US;
  return (struct timeval){.tv_sec = (time_t)(us / US), .tv_usec = (suseconds_t)(us % US)};
}

static struct itimerval setting_of(struct bulkhead_timer timer) {
  return (struct itimerval){.it_interval = time_of(timer.interval), .it_value = time_of(timer.first)};
}

static int is_time(struct timeval time) {
  return time.tv_sec >= 0 && time.tv_usec >= 0 && time.tv_usec < US;
}

int getitimer(int which, struct itimerval *setting) {
  if (which != ITIMER_REAL) return answered(EINVAL);
  struct bulkhead_timer timer;
  int error = bulkhead_timer_get(&timer);
  if (error == 0) *setting = setting_of(timer);
  return answered(error);
}

int setitimer(int which, const struct itimerval *restrict setting, struct itimerval *restrict old) {
  if (which != ITIMER_REAL) return answered(EINVAL);
  if (!is_time(setting->it_value) || !is_time(setting->it_interval)) return answered(EINVAL);
  struct bulkhead_timer before;
  int error = bulkhead_timer_set(ns_of(setting->it_value), ns_of(setting->it_interval), &before);
  if (error == 0 && old != NULL) *old = setting_of(before);
  return answered(error);
}

unsigned alarm(unsigned seconds) {
  struct bulkhead_timer before;
  if (answered(bulkhead_timer_set(seconds * NS, 0, &before)) != 0) return 0;
  // As Linux rounds it: to the nearest, but never to nothing.
  unsigned left = (unsigned)((before.first + NS / 2) / NS);
  return left == 0 && before.first > 0 ? 1 : left;
}

useconds_t ualarm(useconds_t first, useconds_t interval) {
  struct bulkhead_timer before;
  int error = bulkhead_timer_set(first * NS_PER_US, interval * NS_PER_US, &before);
  return answered(error) != 0 ? 0 : (useconds_t)(before.first / NS_PER_US);
}
