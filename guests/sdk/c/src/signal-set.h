// Signals as bits.
#ifndef SDK_SIGNAL_SET_H
#define SDK_SIGNAL_SET_H
#include <signal.h>
#include <stdbool.h>

static inline bool is_signal(int signal) { return signal >= 1 && signal < _NSIG; }

static inline unsigned long long signal_bit(int signal) { return 1ULL << (signal - 1); }

#endif
