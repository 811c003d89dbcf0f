#include "sh/signals/trap.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/signal-names.h"
#include "sh/output.h"
#include "sh/run/run.h"
#include "sh/shell.h"

struct trap {
  char *action;
  enum own_action own;
  bool fixed;  // ignored from the start
};

static struct trap traps[SIGNAL_COUNT];
static volatile sig_atomic_t came[SIGNAL_COUNT];
static volatile sig_atomic_t any_came;

static void note(int signal) {
  came[signal] = 1;
  any_came = 1;
}

static void handle(int signal, void (*handler)(int)) {
  struct sigaction action = {.sa_handler = handler};
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, NULL);
}

static void install(int signal) {
  const struct trap *trap = &traps[signal];
  if (signal == 0 || signal == SIGKILL || signal == SIGSTOP) return;
  if (trap->action != NULL) handle(signal, *trap->action == '\0' ? SIG_IGN : note);
  else if (trap->own != OWN_NONE) handle(signal, trap->own == OWN_IGNORE ? SIG_IGN : note);
  else handle(signal, SIG_DFL);
}

void traps_start(bool subshell) {
  for (int signal = 1; signal < SIGNAL_COUNT; signal += 1) {
    struct sigaction action;
    if (subshell || sigaction(signal, NULL, &action) < 0) continue;
    traps[signal].fixed = action.sa_handler == SIG_IGN;
  }
}

void trap_set(int signal, const char *action) {
  struct trap *trap = &traps[signal];
  if (trap->fixed && !shell.options[OPTION_INTERACTIVE]) return;
  // The old text may be what runs.
  char *copy = action == NULL ? NULL : shell_copy(action);
  free(trap->action);
  trap->action = copy;
  came[signal] = 0;
  install(signal);
}

const char *trap_action(int signal) { return traps[signal].action; }

bool traps_are_set(void) {
  for (int signal = 0; signal < SIGNAL_COUNT; signal += 1) {
    if (traps[signal].action != NULL && *traps[signal].action != '\0') return true;
  }
  return false;
}

void trap_set_own(int signal, enum own_action action) {
  traps[signal].own = action;
  if (!traps[signal].fixed || shell.options[OPTION_INTERACTIVE]) install(signal);
}

static void run_action(const char *action) {
  char *copy = shell_copy(action);
  int status = shell.status;
  run_text(copy, false, false);
  if (!shell_stopped()) shell.status = status;
  free(copy);
}

static void interrupt(void) {
  shell.control = CONTROL_ABORT;
  shell.status = 128 + SIGINT;
}

/// A handler runs when a call returns, and a loop of builtins makes none.
static void let_handlers_run(void) {
  static unsigned commands;
  commands += 1;
  if (commands % 32 == 0) sched_yield();
}

void traps_run(void) {
  let_handlers_run();
  if (!any_came || shell_stopped()) return;
  any_came = 0;
  for (int signal = 1; signal < SIGNAL_COUNT && !shell_stopped(); signal += 1) {
    if (!came[signal]) continue;
    came[signal] = 0;
    const char *action = traps[signal].action;
    if (action != NULL && *action != '\0') run_action(action);
    else if (action == NULL && signal == SIGINT && traps[signal].own == OWN_NOTE) interrupt();
  }
}

ssize_t read_or_signal(int fd, void *buffer, size_t size) {
  if (!any_came) return read(fd, buffer, size);
  errno = EINTR;
  return -1;
}

void trap_run_exit(void) {
  char *action = traps[0].action;
  traps[0].action = NULL;
  if (action == NULL) return;
  int status = shell.status;
  shell.control = CONTROL_NONE;
  shell.condition_depth = 0;
  run_text(action, false, false);
  // Only an exit in it gives another status.
  if (shell.control != CONTROL_EXIT) shell.status = status;
  free(action);
}

int trap_pending(void) {
  for (int signal = 1; signal < SIGNAL_COUNT; signal += 1) {
    if (!came[signal]) continue;
    if (traps[signal].action != NULL ? *traps[signal].action != '\0' : signal == SIGINT) return signal;
  }
  return 0;
}

bool trap_was_interrupted(void) {
  if (shell.control == CONTROL_ABORT && shell.status == 128 + SIGINT) return true;
  return came[SIGINT] && traps[SIGINT].action == NULL && traps[SIGINT].own == OWN_NOTE;
}

bool trap_took_stop(void) {
  bool taken = came[SIGTSTP] && traps[SIGTSTP].action == NULL && traps[SIGTSTP].own == OWN_NOTE;
  if (taken) came[SIGTSTP] = 0;
  return taken;
}

void traps_default_in_child(sigset_t *set) {
  sigemptyset(set);
  for (int signal = 1; signal < SIGNAL_COUNT; signal += 1) {
    if (traps[signal].own == OWN_IGNORE && traps[signal].action == NULL) sigaddset(set, signal);
  }
}

void traps_before_exec(const sigset_t *defaults) {
  for (int signal = 1; signal < SIGNAL_COUNT; signal += 1) {
    if (sigismember(defaults, signal) == 1) handle(signal, SIG_DFL);
  }
}

void traps_after_exec(const sigset_t *defaults) {
  for (int signal = 1; signal < SIGNAL_COUNT; signal += 1) {
    if (sigismember(defaults, signal) == 1) install(signal);
  }
}

// Ended by 0.
static const int key_signals[][3] = {[KEYS_INTERRUPT] = {SIGINT, SIGQUIT, 0}, [KEYS_STOP] = {SIGTSTP, 0}};

void traps_go_deaf(struct deafness *kept, enum keys keys) {
  struct sigaction ignore = {.sa_handler = SIG_IGN};
  sigemptyset(&ignore.sa_mask);
  kept->keys = keys;
  for (int i = 0; key_signals[keys][i] != 0; i += 1) sigaction(key_signals[keys][i], &ignore, &kept->before[i]);
}

void traps_hear_again(const struct deafness *kept) {
  const int *signals = key_signals[kept->keys];
  for (int i = 0; signals[i] != 0; i += 1) sigaction(signals[i], &kept->before[i], NULL);
}

void traps_write_ignored(struct text *text) {
  for (int signal = 1; signal < SIGNAL_COUNT; signal += 1) {
    if (traps[signal].action == NULL || *traps[signal].action != '\0') continue;
    text_string(text, "trap '' ");
    text_number(text, signal);
    text_char(text, '\n');
  }
}
