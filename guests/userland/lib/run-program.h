// Running other programs, found as a shell finds them.
#ifndef LIB_RUN_PROGRAM_H
#define LIB_RUN_PROGRAM_H

#include <stdbool.h>
#include <sys/types.h>

// Exit statuses that say why a program did not start.
enum { NOT_EXECUTABLE = 126, NOT_FOUND = 127 };

struct start {
  const char *directory;  // where it begins, or NULL
  bool no_input;          // standard input is /dev/null
  bool own_group;         // leads a process group of its own
};

// Its pid, or -1 when it has said why it did not start; `*status` is then 126 or 127.
pid_t start_program(char **argv, const struct start *how, int *status);
// What a shell would put into $?.
int shell_status(int wait_status);
// Starts it and waits. What a shell would put into $?.
int run_program(char **argv, const struct start *how);
// Becomes the program. Answers 126 or 127 when it has said why it could not.
int become_program(char **argv);

#endif
