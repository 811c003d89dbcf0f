#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "answer.h"
#include "signal-set.h"
#include "signal-state.h"

void __sig_ignore(int signal) { (void)signal; }

int sigaction(int signal, const struct sigaction *restrict action, struct sigaction *restrict old) {
  if (!is_signal(signal)) return answered(EINVAL);
  if (action != NULL && (signal == SIGKILL || signal == SIGSTOP)) return answered(EINVAL);
  struct sigaction before = signal_said(signal);
  if (action != NULL) signal_say(signal, action);
  if (old != NULL) *old = before;
  return 0;
}

sighandler_t signal(int signal, sighandler_t handler) {
  struct sigaction old;
  struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
  return sigaction(signal, &action, &old) == 0 ? old.sa_handler : SIG_ERR;
}

int siginterrupt(int signal, int on) {
  struct sigaction action;
  if (sigaction(signal, NULL, &action) != 0) return -1;
  action.sa_flags = on ? action.sa_flags & ~SA_RESTART : action.sa_flags | SA_RESTART;
  return sigaction(signal, &action, NULL);
}

int sigprocmask(int how, const sigset_t *restrict set, sigset_t *restrict old) {
  unsigned long long before = signals_blocked();
  if (old != NULL) old->__bits = before;
  if (set == NULL) return 0;
  switch (how) {
    case SIG_BLOCK:
      signals_block(before | set->__bits);
      return 0;
    case SIG_UNBLOCK:
      signals_block(before & ~set->__bits);
      return 0;
    case SIG_SETMASK:
      signals_block(set->__bits);
      return 0;
    default:
      return answered(EINVAL);
  }
}

int pthread_sigmask(int how, const sigset_t *restrict set, sigset_t *restrict old) {
  return sigprocmask(how, set, old) == 0 ? 0 : errno;
}

int sigpending(sigset_t *set) {
  set->__bits = signals_pending();
  return 0;
}

int kill(pid_t pid, int signal) { return answered(bulkhead_proc_kill(pid, (uint32_t)signal)); }

int killpg(pid_t group, int signal) {
  if (group < 0) return answered(EINVAL);
  return kill(group == 0 ? 0 : -group, signal);
}

int raise(int signal) { return kill(getpid(), signal); }

void psignal(int signal, const char *what) {
  if (what != NULL && *what != '\0') fprintf(stderr, "%s: ", what);
  fprintf(stderr, "%s\n", strsignal(signal));
}
