// trap: prints, sets and resets what is done on signals.
#include "sh/signals/trap.h"

#include <string.h>

#include "lib/signal-names.h"
#include "sh/builtin/builtins.h"
#include "sh/output.h"
#include "sh/shell.h"

static void print_one(int signal) {
  const char *action = trap_action(signal);
  const char *name = signal_name(signal);
  if (action == NULL) return;
  struct text text = {NULL, 0, 0, NULL};
  text_quoted(&text, action);
  if (name == NULL) output_format("trap -- %s %d\n", text_end(&text), signal);
  else output_format("trap -- %s %s\n", text_end(&text), name);
  text_free(&text);
}

// A number in front stands for - and itself.
static bool is_number(const char *text) { return *text != '\0' && strspn(text, "0123456789") == strlen(text); }

int trap_main(int argc, char **argv) {
  int first = argc > 1 && strcmp(argv[1], "--") == 0 ? 2 : 1;
  if (argc <= first || (argc == first + 1 && strcmp(argv[first], "-p") == 0)) {
    for (int signal = 0; signal < SIGNAL_COUNT; signal += 1) print_one(signal);
    return 0;
  }
  const char *action = NULL;
  // A name alone is reset, as with - in front of it.
  if (!is_number(argv[first]) && argc > first + 1) {
    action = strcmp(argv[first], "-") == 0 ? NULL : argv[first];
    first += 1;
  }
  int status = 0;
  for (int i = first; i < argc; i += 1) {
    int signal = find_signal(argv[i]);
    if (signal >= 0) {
      trap_set(signal, action);
    } else {
      shell_warn("trap: %s: bad trap", argv[i]);
      status = 1;
    }
  }
  return status;
}
