// What the program has said about its signals. The host knows a part of it: what it is to do when one
// comes, and what is blocked; but for what is blocked only while a handler runs.
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
/// As signals_block, and waits until a handler has run.
void signals_suspend(unsigned long long mask);
/// Before a child begins with what is blocked now.
void signals_tell_blocked(void);
/// Before another program goes on with what is blocked now, and with what has come of it.
void signals_hand_over(void);

/// How many handlers have run.
unsigned signals_handled(void);
/// While it is on, every handler ends the wait it comes in, also those of SA_RESTART.
void signals_end_waits(bool on);

#endif
