// libc's, and what it lacks.
#ifndef BULKHEAD_SYS_TIME_H
#define BULKHEAD_SYS_TIME_H
#include_next <sys/time.h>

#define ITIMER_REAL 0
// Of CPU time: there are none of these, and EINVAL says so.
#define ITIMER_VIRTUAL 1
#define ITIMER_PROF 2

struct itimerval {
  struct timeval it_interval;
  struct timeval it_value;
};

#ifdef __cplusplus
extern "C" {
#endif

int getitimer(int, struct itimerval *);
int setitimer(int, const struct itimerval *__restrict, struct itimerval *__restrict);

#ifdef __cplusplus
}
#endif
#endif
