#include <errno.h>
#include <signal.h>

#include "answer.h"
#include "signal-set.h"

int sigemptyset(sigset_t *set) {
  set->__bits = 0;
  return 0;
}

int sigfillset(sigset_t *set) {
  set->__bits = ~0ULL;
  return 0;
}

int sigaddset(sigset_t *set, int signal) {
  if (!is_signal(signal)) return answered(EINVAL);
  set->__bits |= signal_bit(signal);
  return 0;
}

int sigdelset(sigset_t *set, int signal) {
  if (!is_signal(signal)) return answered(EINVAL);
  set->__bits &= ~signal_bit(signal);
  return 0;
}

int sigismember(const sigset_t *set, int signal) {
  if (!is_signal(signal)) return answered(EINVAL);
  return (set->__bits & signal_bit(signal)) != 0;
}
