// set -x: what runs, on standard error behind PS4.
#ifndef SH_TRACE_H
#define SH_TRACE_H

struct command;

void trace_command(const struct command *command);
void trace_assignment(const char *name, const char *value);

#endif
