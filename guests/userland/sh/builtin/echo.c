// echo: its arguments, with backslashes as XSI has them. -n: no newline; -e and -E: backslashes are read, or not.
#include <string.h>

#include "sh/builtin/builtins.h"
#include "sh/builtin/escape.h"
#include "sh/output.h"

static bool is_option(const char *arg) { return *arg == '-' && arg[1] != '\0' && strspn(arg + 1, "neE") == strlen(arg + 1); }

int echo_main(int argc, char **argv) {
  bool newline = true, escapes = true;
  int i = 1;
  for (; i < argc && is_option(argv[i]); i += 1) {
    for (const char *letter = argv[i] + 1; *letter != '\0'; letter += 1) {
      if (*letter == 'n') newline = false;
      else escapes = *letter == 'e';
    }
  }
  for (int first = i; i < argc; i += 1) {
    if (i > first) output_char(' ');
    if (!escapes) output_string(argv[i]);
    // \c ends all output.
    else if (!output_escaped(argv[i])) return output_finish(0);
  }
  if (newline) output_char('\n');
  return output_finish(0);
}
