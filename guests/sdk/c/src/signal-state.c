#include "signal-state.h"

#include <stddef.h>
#include <unistd.h>
#include <wasix.h>

#include "answer.h"
#include "signal-set.h"

// The export that the host calls.
#define DISPATCHER "bulkhead_signal"

static struct sigaction said[_NSIG];
/// Bits of those that were said here; of all others the host is asked.
static unsigned long long known;
static unsigned long long blocked;
/// What the host knows of it.
static unsigned long long told;
static bool asked;
/// Came here in the moment before it was blocked.
static unsigned long long pending;
static unsigned handled;
static bool waits_end;
static bool registered;

/// KILL and STOP are nobody's to block.
static const unsigned long long ALWAYS = (1ULL << (SIGKILL - 1)) | (1ULL << (SIGSTOP - 1));

static void learn(int signal) {
  if ((known & signal_bit(signal)) != 0) return;
  uint32_t action = BULKHEAD_SIGNAL_DEFAULT;
  bulkhead_signal_action((uint32_t)signal, BULKHEAD_SIGNAL_KEEP, &action);
  said[signal].sa_handler = action == BULKHEAD_SIGNAL_IGNORE ? SIG_IGN : SIG_DFL;
  known |= signal_bit(signal);
}

/// A program begins with what the one before it, or its parent, had blocked.
static void learn_blocked(void) {
  if (asked) return;
  struct bulkhead_mask mask = {0};
  asked = true;
  bulkhead_signal_mask(BULKHEAD_MASK_KEEP, 0, &mask);
  blocked = told = mask.blocked;
}

static void tell_blocked(void) {
  if (told == blocked) return;
  struct bulkhead_mask old;
  told = blocked;
  bulkhead_signal_mask(BULKHEAD_MASK_SET, blocked, &old);
}

/// What the host is to do.
static uint32_t wanted(int signal) {
  const struct sigaction *action = &said[signal];
  if (action->sa_handler == SIG_IGN) return BULKHEAD_SIGNAL_IGNORE;
  if (action->sa_handler == SIG_DFL) return BULKHEAD_SIGNAL_DEFAULT;
  bool restarts = ((unsigned)action->sa_flags & SA_RESTART) != 0 && !waits_end;
  return restarts ? BULKHEAD_SIGNAL_RESTART : BULKHEAD_SIGNAL_HANDLE;
}

static void tell(int signal) {
  uint32_t old;
  uint32_t action = wanted(signal);
  bulkhead_signal_action((uint32_t)signal, action, &old);
  if (registered || action < BULKHEAD_SIGNAL_HANDLE) return;
  registered = true;
  wasix_callback_signal(DISPATCHER, sizeof DISPATCHER - 1);
}

struct sigaction signal_said(int signal) {
  learn(signal);
  return said[signal];
}

void signal_say(int signal, const struct sigaction *action) {
  known |= signal_bit(signal);
  said[signal] = *action;
  if (action->sa_handler == SIG_IGN) pending &= ~signal_bit(signal);
  tell(signal);
}

static void call(int signal, const struct sigaction *action) {
  if (((unsigned)action->sa_flags & SA_SIGINFO) == 0) {
    action->sa_handler(signal);
    return;
  }
  siginfo_t info = {.si_signo = signal};
  action->sa_sigaction(signal, &info, NULL);
}

static void handle(int signal) {
  struct sigaction action = said[signal];
  if (action.sa_handler == SIG_IGN) return;
  if (action.sa_handler == SIG_DFL) {
    // Its time has come, and the host knows that: tell() was before.
    kill(getpid(), signal);
    return;
  }
  if (((unsigned)action.sa_flags & SA_RESETHAND) != 0) {
    said[signal].sa_handler = SIG_DFL;
    tell(signal);
  }
  learn_blocked();
  unsigned long long before = blocked;
  unsigned long long mask = blocked | action.sa_mask.__bits;
  if (((unsigned)action.sa_flags & SA_NODEFER) == 0) mask |= signal_bit(signal);
  // The host need not know: while a handler runs, it calls no other.
  blocked = mask & ~ALWAYS;
  handled += 1;
  call(signal, &action);
  blocked = before;
  tell_blocked();
}

static void handle_pending(void) {
  for (;;) {
    unsigned long long ready = pending & ~blocked;
    if (ready == 0) return;
    int signal = __builtin_ctzll(ready) + 1;
    pending &= ~signal_bit(signal);
    handle(signal);
  }
}

__attribute__((export_name(DISPATCHER))) void bulkhead_dispatch(int signal) {
  if (!is_signal(signal)) return;
  pending |= signal_bit(signal);
  handle_pending();
}

unsigned long long signals_blocked(void) {
  learn_blocked();
  return blocked;
}

unsigned long long signals_pending(void) {
  struct bulkhead_mask mask = {0};
  bulkhead_signal_mask(BULKHEAD_MASK_KEEP, 0, &mask);
  return mask.pending | (pending & blocked);
}

void signals_block(unsigned long long mask) {
  learn_blocked();
  blocked = mask & ~ALWAYS;
  tell_blocked();
  handle_pending();
}

void signals_suspend(unsigned long long mask) {
  unsigned before = handled;
  learn_blocked();
  blocked = told = mask & ~ALWAYS;
  handle_pending();
  while (handled == before) bulkhead_signal_suspend(blocked);
}

void signals_tell_blocked(void) {
  if (asked) tell_blocked();
}

void signals_hand_over(void) {
  signals_tell_blocked();
  unsigned long long left = pending & blocked;
  pending &= ~left;
  for (; left != 0; left &= left - 1) kill(getpid(), __builtin_ctzll(left) + 1);
}

unsigned signals_handled(void) { return handled; }

void signals_end_waits(bool on) {
  waits_end = on;
  for (int signal = 1; signal < _NSIG; signal += 1) {
    if ((known & signal_bit(signal)) == 0) continue;
    sighandler_t handler = said[signal].sa_handler;
    bool restarts = ((unsigned)said[signal].sa_flags & SA_RESTART) != 0;
    if (restarts && handler != SIG_DFL && handler != SIG_IGN) tell(signal);
  }
}
