// set: options, and positional parameters.
#include <stdlib.h>
#include <string.h>

#include "sh/builtin/builtins.h"
#include "sh/output.h"
#include "sh/shell.h"
#include "sh/vars/variable.h"

static int print_variables(void) {
  size_t count;
  const struct variable **list = variables_sorted(&count);
  for (size_t i = 0; i < count; i += 1) {
    if (list[i]->value == NULL) continue;
    struct text text = {NULL, 0, 0, NULL};
    text_quoted(&text, list[i]->value);
    output_format("%s=%s\n", list[i]->name, text_end(&text));
    text_free(&text);
  }
  free(list);
  return 0;
}

int set_main(int argc, char **argv) {
  int i = 1;
  bool ended = false;
  if (argc == 1) return print_variables();
  if (argc == 2 && (strcmp(argv[1], "-o") == 0 || strcmp(argv[1], "+o") == 0)) {
    options_print(argv[1][0] == '+');
    return 0;
  }
  while (i < argc && !ended) {
    if (strcmp(argv[i], "--") == 0 || strcmp(argv[i], "-") == 0) {
      // - alone ends -v and -x too, and keeps the parameters when none follow.
      ended = argv[i][1] == '-';
      if (!ended) shell.options[OPTION_VERBOSE] = shell.options[OPTION_TRACE] = false;
      i += 1;
      break;
    }
    int used = options_parse(argc - i, argv + i, false, NULL);
    if (used < 0) return 2;
    if (used == 0) break;
    i += used;
  }
  if (i < argc || ended) shell_set_params(argv + i, argc - i);
  return 0;
}
