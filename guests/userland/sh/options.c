#include "sh/options.h"

#include <string.h>

#include "sh/jobs/control.h"
#include "sh/output.h"
#include "sh/shell.h"

const struct option_row option_rows[OPTION_COUNT] = {
  [OPTION_EXPORT_ALL] = {"allexport", 'a', false},
  [OPTION_NOTIFY] = {"notify", 'b', false},
  [OPTION_NO_CLOBBER] = {"noclobber", 'C', false},
  [OPTION_EXIT_ON_ERROR] = {"errexit", 'e', false},
  [OPTION_NO_GLOB] = {"noglob", 'f', false},
  [OPTION_IGNORE_EOF] = {"ignoreeof", '\0', false},
  [OPTION_INTERACTIVE] = {"interactive", 'i', true},
  [OPTION_LOGIN] = {"login", 'l', true},
  [OPTION_MONITOR] = {"monitor", 'm', false},
  [OPTION_NO_EXECUTE] = {"noexec", 'n', false},
  [OPTION_PIPE_FAIL] = {"pipefail", '\0', false},
  [OPTION_STDIN] = {"stdin", 's', true},
  [OPTION_NO_UNSET] = {"nounset", 'u', false},
  [OPTION_VERBOSE] = {"verbose", 'v', false},
  [OPTION_TRACE] = {"xtrace", 'x', false},
  [OPTION_EMACS] = {"emacs", 'E', false},
};

static void set(enum option option, bool value) {
  bool changed = shell.options[option] != value;
  shell.options[option] = value;
  if (option == OPTION_MONITOR && changed) job_control_set(value);
}

static bool set_named(const char *name, bool value, bool starting) {
  for (int i = 0; i < OPTION_COUNT; i += 1) {
    if (strcmp(option_rows[i].name, name) != 0 || (option_rows[i].at_start && !starting)) continue;
    set((enum option)i, value);
    return true;
  }
  shell_error("Illegal option -o %s", name);
  return false;
}

static bool set_letter(char letter, bool value, bool starting) {
  for (int i = 0; i < OPTION_COUNT; i += 1) {
    if (option_rows[i].letter != letter || (option_rows[i].at_start && !starting)) continue;
    set((enum option)i, value);
    return true;
  }
  shell_error("Illegal option %c%c", value ? '-' : '+', letter);
  return false;
}

int options_parse(int argc, char **argv, bool starting, bool *command_text) {
  const char *arg = argv[0];
  if ((*arg != '-' && *arg != '+') || arg[1] == '\0') return 0;
  bool value = *arg == '-';
  int used = 1;
  for (arg += 1; *arg != '\0'; arg += 1) {
    if (*arg == 'c' && starting && value) {
      *command_text = true;
    } else if (*arg != 'o') {
      if (!set_letter(*arg, value, starting)) return -1;
    } else if (used >= argc) {
      options_print(!value);
    } else {
      if (!set_named(argv[used], value, starting)) return -1;
      used += 1;
    }
  }
  return used;
}

void options_letters(char letters[OPTION_COUNT + 1]) {
  for (int i = 0; i < OPTION_COUNT; i += 1) {
    if (shell.options[i] && option_rows[i].letter != '\0') *letters++ = option_rows[i].letter;
  }
  *letters = '\0';
}

void options_print(bool as_commands) {
  if (!as_commands) output_string("Current option settings\n");
  for (int i = 0; i < OPTION_COUNT; i += 1) {
    if (as_commands && option_rows[i].at_start) continue;
    if (as_commands) output_format("set %co %s\n", shell.options[i] ? '-' : '+', option_rows[i].name);
    else output_format("%-15s %s\n", option_rows[i].name, shell.options[i] ? "on" : "off");
  }
}
