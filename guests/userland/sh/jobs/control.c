#include "sh/jobs/control.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include "sh/run/redirect.h"
#include "sh/shell.h"
#include "sh/signals/trap.h"

static int terminal = -1;
static pid_t group_before;
static struct termios mode;

static int open_terminal(void) {
  int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
  for (int i = 2; fd < 0 && i >= 0; i -= 1) {
    if (isatty(i)) fd = dup(i);
  }
  return fd < 0 ? -1 : move_fd_up(fd);
}

// ^Z is noted: what the shell is starting may be meant.
static void own_signals(bool on) {
  trap_set_own(SIGTSTP, on ? OWN_NOTE : OWN_NONE);
  trap_set_own(SIGTTIN, on ? OWN_IGNORE : OWN_NONE);
  trap_set_own(SIGTTOU, on ? OWN_IGNORE : OWN_NONE);
}

// A shell that was started in the background waits until it is brought to the front.
static void wait_for_foreground(void) {
  for (int tries = 0; tries < 10; tries += 1) {
    pid_t group = tcgetpgrp(terminal);
    if (group < 0 || group == getpgrp()) return;
    kill(0, SIGTTIN);
  }
}

static void begin(void) {
  terminal = open_terminal();
  if (terminal < 0) return;
  wait_for_foreground();
  own_signals(true);
  group_before = getpgrp();
  if (group_before != getpid()) setpgid(0, 0);
  tcsetpgrp(terminal, getpgrp());
  terminal_remember_mode();
}

static void end(void) {
  if (terminal < 0) return;
  if (group_before > 0) {
    tcsetpgrp(terminal, group_before);
    setpgid(0, group_before);
  }
  own_signals(false);
  close(terminal);
  terminal = -1;
}

void job_control_set(bool on) {
  if (!shell.options[OPTION_INTERACTIVE]) return;
  if (on) begin();
  else end();
}

void terminal_give(pid_t group) {
  if (terminal >= 0) tcsetpgrp(terminal, group);
}

void terminal_take(bool restore) {
  if (terminal < 0) return;
  tcsetpgrp(terminal, getpgrp());
  if (restore) tcsetattr(terminal, TCSADRAIN, &mode);
  else terminal_remember_mode();
}

bool terminal_is_of(pid_t group) { return terminal >= 0 && tcgetpgrp(terminal) == group; }

void terminal_remember_mode(void) {
  if (terminal >= 0) tcgetattr(terminal, &mode);
}
