// alias and unalias.
#include "sh/parse/alias.h"

#include <string.h>

#include "sh/builtin/builtins.h"
#include "sh/output.h"
#include "sh/shell.h"

static void print_one(const struct alias *alias) {
  struct text text = {NULL, 0, 0, NULL};
  text_quoted(&text, alias->value);
  output_format("%s=%s\n", alias->name, text_end(&text));
  text_free(&text);
}

static int set_or_print(char *arg) {
  char *equals = *arg == '\0' ? NULL : strchr(arg + 1, '=');
  if (equals != NULL) {
    *equals = '\0';
    alias_set(arg, equals + 1);
    return 0;
  }
  const struct alias *alias = alias_find(arg);
  if (alias == NULL) {
    shell_warn("alias: %s not found", arg);
    return 1;
  }
  print_one(alias);
  return 0;
}

int alias_main(int argc, char **argv) {
  int status = 0;
  int first = argc > 1 && strcmp(argv[1], "--") == 0 ? 2 : 1;
  if (argc <= first) {
    for (const struct alias *alias = alias_first(); alias != NULL; alias = alias->next) print_one(alias);
  }
  for (int i = first; i < argc; i += 1) {
    if (set_or_print(argv[i]) != 0) status = 1;
  }
  return status;
}

int unalias_main(int argc, char **argv) {
  int status = 0;
  if (argc > 1 && strcmp(argv[1], "-a") == 0) {
    alias_remove_all();
    return 0;
  }
  for (int i = argc > 1 && strcmp(argv[1], "--") == 0 ? 2 : 1; i < argc; i += 1) {
    if (alias_remove(argv[i]) == 0) continue;
    shell_warn("unalias: %s not found", argv[i]);
    status = 1;
  }
  return status;
}
