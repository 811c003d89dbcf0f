// hash: which commands' paths are remembered; -r forgets them.
#include <string.h>

#include "sh/builtin/builtins.h"
#include "sh/run/find.h"
#include "sh/shell.h"

int hash_main(int argc, char **argv) {
  int status = 0;
  if (argc == 1) find_print();
  for (int i = 1; i < argc; i += 1) {
    if (strcmp(argv[i], "-r") == 0) {
      find_forget();
    } else if (builtin_find(argv[i]) == NULL && find_command(argv[i]) == NULL) {
      shell_warn("hash: %s: not found", argv[i]);
      status = 1;
    }
  }
  return status;
}
