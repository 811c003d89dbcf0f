// Job control: a group for each job, and whose the terminal is.
#ifndef SH_JOB_CONTROL_H
#define SH_JOB_CONTROL_H

#include <stdbool.h>
#include <sys/types.h>

// set -m, set +m.
void job_control_set(bool on);
// All of these do nothing without a terminal to govern.
void terminal_give(pid_t group);
// Back to the shell; `restore`: a command may have left it in another mode.
void terminal_take(bool restore);
bool terminal_is_of(pid_t group);
void terminal_remember_mode(void);

#endif
