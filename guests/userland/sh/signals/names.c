#include "sh/signals/names.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const names[SIGNAL_COUNT] = {
  [0] = "EXIT",        [SIGHUP] = "HUP",   [SIGINT] = "INT",   [SIGQUIT] = "QUIT", [SIGILL] = "ILL",
  [SIGTRAP] = "TRAP",  [SIGABRT] = "ABRT", [SIGBUS] = "BUS",   [SIGFPE] = "FPE",   [SIGKILL] = "KILL",
  [SIGUSR1] = "USR1",  [SIGSEGV] = "SEGV", [SIGUSR2] = "USR2", [SIGPIPE] = "PIPE", [SIGALRM] = "ALRM",
  [SIGTERM] = "TERM",  [SIGCHLD] = "CHLD", [SIGCONT] = "CONT", [SIGSTOP] = "STOP", [SIGTSTP] = "TSTP",
  [SIGTTIN] = "TTIN",  [SIGTTOU] = "TTOU", [SIGURG] = "URG",   [SIGXCPU] = "XCPU", [SIGXFSZ] = "XFSZ",
  [SIGVTALRM] = "VTALRM", [SIGPROF] = "PROF", [SIGWINCH] = "WINCH", [SIGSYS] = "SYS",
};

const char *shell_signal_name(int number) { return number >= 0 && number < SIGNAL_COUNT ? names[number] : NULL; }

int signal_number(const char *name) {
  char *end;
  if (*name >= '0' && *name <= '9') {
    unsigned long number = strtoul(name, &end, 10);
    return *end == '\0' && number < SIGNAL_COUNT ? (int)number : -1;
  }
  if (strncasecmp(name, "SIG", 3) == 0) name += 3;
  for (int i = 0; i < SIGNAL_COUNT; i += 1) {
    if (names[i] != NULL && strcasecmp(names[i], name) == 0) return i;
  }
  return -1;
}
