// pwd: -L (as the shell came here) or -P (without symbolic links).
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/message.h"
#include "sh/builtin/builtins.h"
#include "sh/builtin/directory.h"
#include "sh/output.h"
#include "sh/vars/variable.h"

int pwd_main(int argc, char **argv) {
  bool physical = false;
  for (int i = 1; i < argc && argv[i][0] == '-' && argv[i][1] != '\0'; i += 1) {
    if (strcmp(argv[i], "--") == 0) break;
    if (strcmp(argv[i], "-P") != 0 && strcmp(argv[i], "-L") != 0) {
      message("Illegal option %s", argv[i]);
      return 2;
    }
    physical = argv[i][1] == 'P';
  }
  // As a tool there are no variables of a shell, but the environment.
  const char *logical = variable_value("PWD");
  if (logical == NULL) logical = getenv("PWD");
  if (!physical && logical != NULL && directory_is_here(logical)) {
    output_string(logical);
  } else {
    char *path = directory_now();
    if (path == NULL) {
      message_errno("cannot find where this is");
      return 1;
    }
    output_string(path);
    free(path);
  }
  output_char('\n');
  return output_finish(0);
}
