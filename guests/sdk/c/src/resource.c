// Limits, and what was used.
#include <errno.h>
#include <sys/resource.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>

#include "answer.h"

#define TICKS_PER_SECOND 100
#define US_PER_TICK (1000000 / TICKS_PER_SECOND)

int getrlimit(int resource, struct rlimit *limit) {
  struct bulkhead_limit found;
  if (answered(bulkhead_proc_limit_get((uint32_t)resource, &found)) != 0) return -1;
  *limit = (struct rlimit){.rlim_cur = found.soft, .rlim_max = found.hard};
  return 0;
}

int setrlimit(int resource, const struct rlimit *limit) {
  struct bulkhead_limit wanted = {.soft = limit->rlim_cur, .hard = limit->rlim_max};
  return answered(bulkhead_proc_limit_set((uint32_t)resource, &wanted));
}

int getdtablesize(void) {
  struct rlimit limit;
  return getrlimit(RLIMIT_NOFILE, &limit) == 0 ? (int)limit.rlim_cur : -1;
}

static struct timeval time_of(uint64_t us) {
  return (struct timeval){.tv_sec = (time_t)(us / 1000000),
                          .tv_usec = (suseconds_t)(us % 1000000)};
}

int getrusage(int who, struct rusage *usage) {
  struct bulkhead_times used;
  if (who != RUSAGE_SELF && who != RUSAGE_CHILDREN) return answered(EINVAL);
  if (answered(bulkhead_proc_times(&used)) != 0) return -1;
  int own = who == RUSAGE_SELF;
  *usage = (struct rusage){.ru_utime = time_of(own ? used.user : used.children_user),
                           .ru_stime = time_of(own ? used.system : used.children_system)};
  return 0;
}

clock_t times(struct tms *times) {
  struct bulkhead_times used;
  struct timespec now;
  if (answered(bulkhead_proc_times(&used)) != 0) return -1;
  *times = (struct tms){.tms_utime = (clock_t)(used.user / US_PER_TICK),
                        .tms_stime = (clock_t)(used.system / US_PER_TICK),
                        .tms_cutime = (clock_t)(used.children_user / US_PER_TICK),
                        .tms_cstime = (clock_t)(used.children_system / US_PER_TICK)};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (clock_t)now.tv_sec * TICKS_PER_SECOND + now.tv_nsec / (1000000000 / TICKS_PER_SECOND);
}

// In units of libc's CLOCKS_PER_SEC, a nanosecond.
clock_t clock(void) {
  struct bulkhead_times used;
  if (bulkhead_proc_times(&used) != 0) return -1;
  return (clock_t)(used.user + used.system) * (CLOCKS_PER_SEC / 1000000);
}
