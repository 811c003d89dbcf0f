// eval: its arguments as a command.
#include "sh/builtin/builtins.h"
#include "sh/memory/text.h"
#include "sh/run/run.h"

int eval_main(int argc, char **argv) {
  struct text text = {NULL, 0, 0, NULL};
  for (int i = 1; i < argc; i += 1) {
    if (i > 1) text_char(&text, ' ');
    text_string(&text, argv[i]);
  }
  int status = run_text(text_end(&text), false, false);
  text_free(&text);
  return status;
}
