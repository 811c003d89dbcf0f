// Who a process is, and what it may use.
#include <grp.h>
#include <pwd.h>
#include <sys/resource.h>
#include <sys/times.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "../check.h"

static void numbers(void) {
  gid_t groups[4];
  CHECK(getpid(), 1);
  CHECK(getppid(), 0);
  CHECK(getpgrp(), 1);
  CHECK(getpgid(0), 1);
  CHECK(getsid(0), 1);
  CHECK(getuid(), 0);
  CHECK(getegid(), 0);
  CHECK(getgroups(4, groups) >= 0, 1);
  CHECK_FAILS(setsid(), EPERM);
  CHECK_FAILS(getpgid(31000), ESRCH);
  holds("numbers");
}

static void users(void) {
  struct passwd *root = getpwuid(0);
  CHECK(root != NULL, 1);
  CHECK_TEXT(root->pw_name, "root");
  CHECK_TEXT(root->pw_shell, "/bin/sh");
  struct passwd *other = getpwnam("other");
  CHECK(other != NULL, 1);
  CHECK(other->pw_uid, 1000);
  CHECK(getpwnam("nobody-knows") == NULL, 1);
  struct group *group = getgrgid(7);
  CHECK(group != NULL, 1);
  CHECK_TEXT(group->gr_name, "people");
  CHECK_TEXT(group->gr_mem[0], "root");
  CHECK_TEXT(group->gr_mem[1], "other");
  CHECK(group->gr_mem[2] == NULL, 1);
  holds("users");
}

static void host(void) {
  struct utsname name;
  char text[65];
  CHECK(uname(&name), 0);
  CHECK_TEXT(name.nodename, "box");
  CHECK_TEXT(name.machine, "wasm32");
  CHECK(gethostname(text, sizeof text), 0);
  CHECK_TEXT(text, "box");
  CHECK(sysconf(_SC_NPROCESSORS_ONLN) >= 1, 1);
  CHECK(sysconf(_SC_PAGESIZE), 65536);
  CHECK(sysconf(_SC_CLK_TCK), 100);
  holds("host");
}

static void limits(void) {
  struct rlimit limit;
  CHECK(getrlimit(RLIMIT_NOFILE, &limit), 0);
  CHECK(limit.rlim_cur, sysconf(_SC_OPEN_MAX));
  limit.rlim_cur = 16;
  CHECK(setrlimit(RLIMIT_NOFILE, &limit), 0);
  CHECK_FAILS(dup2(0, 16), EBADF);
  CHECK(dup2(0, 15), 15);
  limit.rlim_max += 1;
  CHECK_FAILS(setrlimit(RLIMIT_NOFILE, &limit), EPERM);
  CHECK(getrlimit(RLIMIT_CORE, &limit), 0);
  CHECK(limit.rlim_cur, 0);
  CHECK(getrlimit(RLIMIT_CPU, &limit), 0);
  CHECK(limit.rlim_cur == RLIM_INFINITY, 1);
  holds("limits");
}

static void usage(void) {
  struct rusage used;
  struct tms ticks;
  volatile unsigned work = 0;
  while (clock() < CLOCKS_PER_SEC / 100) work += 1;
  CHECK(getrusage(RUSAGE_SELF, &used), 0);
  CHECK(used.ru_utime.tv_sec > 0 || used.ru_utime.tv_usec >= 10000, 1);
  CHECK(times(&ticks) != (clock_t)-1, 1);
  CHECK(ticks.tms_utime >= 1, 1);
  CHECK(ticks.tms_cutime, 0);
  CHECK_FAILS(getrusage(77, &used), EINVAL);
  holds("usage");
}

static void terminals(void) {
  CHECK(isatty(1), 0);
  CHECK(ttyname(1) == NULL, 1);
  CHECK_FAILS(tcgetpgrp(1), ENOTTY);
  holds("no terminal");
}

int main(void) {
  numbers();
  users();
  host();
  limits();
  usage();
  terminals();
  return 0;
}
