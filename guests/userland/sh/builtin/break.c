// break and continue.
#include <string.h>

#include "sh/builtin/builtins.h"
#include "sh/builtin/number.h"
#include "sh/shell.h"

int break_main(int argc, char **argv) {
  long long count = 1;
  if (argc > 1 && (!shell_number(argv[1], &count) || count < 1)) {
    shell_error("Illegal number: %s", argv[1]);
    return 2;
  }
  // Outside of loops there is nothing to do.
  if (shell.loop_depth == 0) return 0;
  shell.control = strcmp(argv[0], "break") == 0 ? CONTROL_BREAK : CONTROL_CONTINUE;
  shell.control_count = count > shell.loop_depth ? shell.loop_depth : (int)count;
  shell.status = 0;
  return 0;
}
