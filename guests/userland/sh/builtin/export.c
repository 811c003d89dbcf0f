// export, readonly and local.
#include <stdlib.h>
#include <string.h>

#include "sh/builtin/builtins.h"
#include "sh/output.h"
#include "sh/parse/parser.h"
#include "sh/shell.h"
#include "sh/vars/variable.h"

static void print_marked(const char *command, bool exported) {
  size_t count;
  const struct variable **list = variables_sorted(&count);
  for (size_t i = 0; i < count; i += 1) {
    if (!(exported ? list[i]->exported : list[i]->read_only)) continue;
    struct text text = {NULL, 0, 0, NULL};
    text_string(&text, list[i]->name);
    if (list[i]->value != NULL) {
      text_char(&text, '=');
      text_quoted(&text, list[i]->value);
    }
    output_format("%s %s\n", command, text_end(&text));
    text_free(&text);
  }
  free(list);
}

static void mark(const char *name) { variable_export(name, true); }

// Gives the name its value, if one stands behind it, and then the mark. False after a message.
static bool declare(char *arg, void (*mark_it)(const char *)) {
  char *equals = strchr(arg, '=');
  if (equals != NULL) *equals = '\0';
  if (!is_name(arg)) {
    shell_error("%s: bad variable name", arg);
    return false;
  }
  if (equals != NULL && !variable_set(arg, equals + 1)) return false;
  mark_it(arg);
  return true;
}

static int declare_all(int argc, char **argv, bool exported) {
  int first = argc > 1 && (strcmp(argv[1], "--") == 0 || strcmp(argv[1], "-p") == 0) ? 2 : 1;
  if (argc <= first) print_marked(argv[0], exported);
  for (int i = first; i < argc; i += 1) {
    if (!declare(argv[i], exported ? mark : variable_protect)) return 2;
  }
  return 0;
}

int export_main(int argc, char **argv) { return declare_all(argc, argv, true); }

int readonly_main(int argc, char **argv) { return declare_all(argc, argv, false); }

static bool declare_local(char *arg) {
  char *equals = strchr(arg, '=');
  size_t length = equals == NULL ? strlen(arg) : (size_t)(equals - arg);
  char *name = arena_copy(&scratch, arg, length);
  if (!is_name(name)) {
    shell_error("%s: bad variable name", name);
    return false;
  }
  scope_keep(name, SCOPE_LOCAL);
  // Without a value it keeps what it has outside.
  return equals == NULL || variable_set(name, equals + 1);
}

int local_main(int argc, char **argv) {
  if (shell.function_depth == 0) {
    shell_error("local: not in a function");
    return 2;
  }
  for (int i = argc > 1 && strcmp(argv[1], "--") == 0 ? 2 : 1; i < argc; i += 1) {
    if (!declare_local(argv[i])) return 2;
  }
  return 0;
}
