// Who the process is, and the groups and sessions it is in.
#include <errno.h>
#include <unistd.h>

#include "answer.h"

static struct bulkhead_identity identity(void) {
  struct bulkhead_identity found = {0};
  bulkhead_proc_identity(&found);
  return found;
}

pid_t getpid(void) { return identity().pid; }
pid_t getppid(void) { return identity().parent; }
pid_t getpgrp(void) { return identity().group; }
uid_t getuid(void) { return identity().uid; }
uid_t geteuid(void) { return identity().uid; }
gid_t getgid(void) { return identity().gid; }
gid_t getegid(void) { return identity().gid; }

int getgroups(int size, gid_t groups[]) {
  size_t count;
  if (size < 0) return answered(EINVAL);
  if (answered(bulkhead_proc_groups(groups, (size_t)size, &count)) != 0) return -1;
  if (size > 0 && count > (size_t)size) return answered(EINVAL);
  return (int)count;
}

pid_t getpgid(pid_t pid) {
  int32_t group;
  return answered(bulkhead_proc_group_get(pid, &group)) == 0 ? group : -1;
}

int setpgid(pid_t pid, pid_t group) { return answered(bulkhead_proc_group_set(pid, group)); }

int setpgrp(void) { return setpgid(0, 0); }

pid_t getsid(pid_t pid) {
  int32_t session;
  return answered(bulkhead_proc_session_get(pid, &session)) == 0 ? session : -1;
}

pid_t setsid(void) {
  int32_t session;
  return answered(bulkhead_proc_session_new(&session)) == 0 ? session : -1;
}
