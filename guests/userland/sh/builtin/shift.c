#include "sh/builtin/builtins.h"
#include "sh/builtin/number.h"
#include "sh/shell.h"

int shift_main(int argc, char **argv) {
  long long count = 1;
  if (argc > 1 && !shell_number(argv[1], &count)) {
    shell_error("Illegal number: %s", argv[1]);
    return 2;
  }
  if (count > shell.param_count) {
    shell_error("shift: can't shift that many");
    return 2;
  }
  if (count > 0) shell_set_params(shell.params + count, shell.param_count - (int)count);
  return 0;
}
