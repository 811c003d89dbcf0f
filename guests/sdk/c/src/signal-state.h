// What the program has said about its signals. The host knows a part of it: what it is to do when one
// comes. Masks are kept here alone.
#ifndef SDK_SIGNAL_STATE_H
#define SDK_SIGNAL_STATE_H
#include <signal.h>
#include <stdbool.h>

/// What was said by sigaction, or was so from the start.
struct sigaction signal_said(int signal);
/// As sigaction, once it is sure that the signal may be changed.
void signal_say(int signal, const struct sigaction *action);

unsigned long long signals_blocked(void);
/// Those that came while they were blocked.
unsigned long long signals_pending(void);
/// Another mask; what waits and is not blocked any more is handled.
void signals_block(unsigned long long mask);

/// How many handlers have run.
unsigned signals_handled(void);
/// While it is on, every handler ends the wait it comes in, also those of SA_RESTART.
void signals_end_waits(bool on);

#endif
