// unset: -v variables, -f functions.
#include <string.h>

#include "sh/builtin/builtins.h"
#include "sh/parse/parser.h"
#include "sh/shell.h"
#include "sh/vars/function.h"
#include "sh/vars/variable.h"

static bool unset_one(const char *name, bool functions) {
  if (functions) {
    function_remove(name);
    return true;
  }
  if (is_name(name)) return variable_unset(name);
  shell_error("unset: %s: bad variable name", name);
  return false;
}

int unset_main(int argc, char **argv) {
  bool functions = false;
  int i = 1;
  for (; i < argc && argv[i][0] == '-'; i += 1) {
    if (strcmp(argv[i], "--") == 0) {
      i += 1;
      break;
    }
    if (strcmp(argv[i], "-f") != 0 && strcmp(argv[i], "-v") != 0) {
      shell_error("unset: Illegal option %s", argv[i]);
      return 2;
    }
    functions = argv[i][1] == 'f';
  }
  for (; i < argc; i += 1) {
    if (!unset_one(argv[i], functions)) return 2;
  }
  return 0;
}
