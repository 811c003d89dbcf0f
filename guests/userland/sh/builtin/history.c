// history: the lines that were typed; -c forgets them.
#include "sh/line/history.h"

#include <string.h>

#include "sh/builtin/builtins.h"
#include "sh/output.h"

int history_main(int argc, char **argv) {
  if (argc > 1 && strcmp(argv[1], "-c") == 0) {
    history_forget();
    return 0;
  }
  for (int i = 0; i < history_count(); i += 1) output_format("%5d  %s\n", i + 1, history_line(i));
  return 0;
}
