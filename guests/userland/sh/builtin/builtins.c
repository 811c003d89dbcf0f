#include "sh/builtin/builtins.h"

#include <stddef.h>
#include <string.h>

// In the order of their names, which builtin_find relies on.
static const struct builtin builtins[] = {
  {".", dot_main, BUILTIN_SPECIAL},
  {":", true_main, BUILTIN_SPECIAL | BUILTIN_PURE},
  {"[", test_main, BUILTIN_TOOL | BUILTIN_PURE},
  {"alias", alias_main, BUILTIN_PURE_BARE | BUILTIN_DECLARES},
  {"bg", background_main, 0},
  {"break", break_main, BUILTIN_SPECIAL | BUILTIN_PURE},
  {"cd", cd_main, BUILTIN_PURE},
  {"command", command_main, 0},
  {"continue", break_main, BUILTIN_SPECIAL | BUILTIN_PURE},
  {"echo", echo_main, BUILTIN_TOOL | BUILTIN_PURE},
  {"eval", eval_main, BUILTIN_SPECIAL},
  {"exec", exec_main, BUILTIN_SPECIAL},
  {"exit", exit_main, BUILTIN_SPECIAL | BUILTIN_PURE},
  {"export", export_main, BUILTIN_SPECIAL | BUILTIN_DECLARES | BUILTIN_PURE_BARE},
  {"false", false_main, BUILTIN_TOOL | BUILTIN_PURE},
  {"fg", foreground_main, 0},
  {"getopts", getopts_main, 0},
  {"hash", hash_main, BUILTIN_PURE_BARE},
  {"history", history_main, BUILTIN_PURE_BARE},
  {"jobs", jobs_main, BUILTIN_PURE},
  {"kill", kill_main, 0},
  {"local", local_main, BUILTIN_SPECIAL | BUILTIN_DECLARES | BUILTIN_PURE},
  {"printf", printf_main, BUILTIN_TOOL | BUILTIN_PURE},
  {"pwd", pwd_main, BUILTIN_PURE},
  {"read", read_main, 0},
  {"readonly", readonly_main, BUILTIN_SPECIAL | BUILTIN_DECLARES | BUILTIN_PURE_BARE},
  {"return", return_main, BUILTIN_SPECIAL | BUILTIN_PURE},
  {"set", set_main, BUILTIN_SPECIAL | BUILTIN_PURE_BARE},
  {"shift", shift_main, BUILTIN_SPECIAL},
  {"test", test_main, BUILTIN_TOOL | BUILTIN_PURE},
  {"times", times_main, BUILTIN_SPECIAL},
  {"trap", trap_main, BUILTIN_SPECIAL | BUILTIN_PURE_BARE},
  {"true", true_main, BUILTIN_TOOL | BUILTIN_PURE},
  {"type", type_main, BUILTIN_PURE},
  {"ulimit", ulimit_main, BUILTIN_PURE_BARE},
  {"umask", umask_main, BUILTIN_PURE_BARE},
  {"unalias", unalias_main, 0},
  {"unset", unset_main, BUILTIN_SPECIAL},
  {"wait", wait_main, 0},
};

enum { COUNT = sizeof builtins / sizeof *builtins };

const struct builtin *builtin_at(int index) { return index < COUNT ? &builtins[index] : NULL; }

const struct builtin *builtin_find(const char *name) {
  int low = 0, high = COUNT;
  while (low < high) {
    int middle = (low + high) / 2;
    int order = strcmp(name, builtins[middle].name);
    if (order == 0) return &builtins[middle];
    if (order < 0) high = middle;
    else low = middle + 1;
  }
  return NULL;
}
