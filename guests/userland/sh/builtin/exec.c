// exec: the command in place of the shell. Without one its redirections stay (run/simple.c).
#include <errno.h>
#include <string.h>

#include "sh/builtin/builtins.h"
#include "sh/run/find.h"
#include "sh/run/spawn.h"
#include "sh/shell.h"
#include "sh/vars/variable.h"

int exec_main(int argc, char **argv) {
  int first = argc > 1 && strcmp(argv[1], "--") == 0 ? 2 : 1;
  if (argc <= first) return 0;
  // What is assigned in front of it is for the command.
  const char *path = find_command(argv[first]);
  int status = path == NULL ? say_cannot_run(argv[first], errno)
                            : exec_command(path, argv + first, variables_environment());
  if (shell.options[OPTION_INTERACTIVE]) return status;
  shell_exit(status);
  return status;
}
