// What a shell does on signals: what scripts ask for by trap, and what an interactive shell does for itself.
// A handler only notes the signal; traps run between commands.
#ifndef SH_TRAP_H
#define SH_TRAP_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

#include "sh/memory/text.h"

// Notes what was ignored when the shell was started: a script cannot change that.
void traps_start(bool subshell);
// NULL: what the shell does by itself; "": nothing; else the text is run. Signal 0 is the shell's end.
void trap_set(int signal, const char *action);
// NULL: there is none.
const char *trap_action(int signal);
bool traps_are_set(void);

// What the shell does with a signal that no trap is set for.
enum own_action { OWN_NONE, OWN_IGNORE, OWN_NOTE };
void trap_set_own(int signal, enum own_action action);

// Runs what came in.
void traps_run(void);
// Runs the trap of the shell's end, once. The status may change.
void trap_run_exit(void);
// As read, but what came in before it ends it too: EINTR. A handler runs only when a call returns, so nothing
// comes in between the look and the read.
ssize_t read_or_signal(int fd, void *buffer, size_t size);
// A signal with a trap that came in and did not run yet, or 0.
int trap_pending(void);
// An interactive shell was interrupted: its commands end.
bool trap_was_interrupted(void);
// ^Z came to an interactive shell since the last time.
bool trap_took_stop(void);

// Signals that a process starts with as if the shell did nothing with them.
void traps_default_in_child(sigset_t *set);
void traps_before_exec(const sigset_t *defaults);
void traps_after_exec(const sigset_t *defaults);
// Around a spawn whose process ignores what comes from the keyboard: what would interrupt it, or what would stop it.
enum keys { KEYS_INTERRUPT, KEYS_STOP };
struct deafness {
  enum keys keys;
  struct sigaction before[2];
};
void traps_go_deaf(struct deafness *kept, enum keys keys);
void traps_hear_again(const struct deafness *kept);
void traps_write_ignored(struct text *text);

#endif
