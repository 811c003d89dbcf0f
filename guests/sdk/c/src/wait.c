#include <sys/resource.h>
#include <sys/wait.h>

#include "answer.h"

static struct timeval time_of(uint64_t us) {
  return (struct timeval){.tv_sec = (time_t)(us / 1000000),
                          .tv_usec = (suseconds_t)(us % 1000000)};
}

pid_t wait4(pid_t pid, int *status, int options, struct rusage *usage) {
  struct bulkhead_waited waited;
  if (answered(bulkhead_proc_wait(pid, (uint32_t)options, &waited)) != 0) return -1;
  if (waited.pid == 0) return 0;
  if (status != NULL) *status = waited.status;
  if (usage != NULL) {
    *usage = (struct rusage){.ru_utime = time_of(waited.user), .ru_stime = time_of(waited.system)};
  }
  return waited.pid;
}

pid_t wait3(int *status, int options, struct rusage *usage) {
  return wait4(-1, status, options, usage);
}

pid_t waitpid(pid_t pid, int *status, int options) { return wait4(pid, status, options, NULL); }

pid_t wait(int *status) { return waitpid(-1, status, 0); }
