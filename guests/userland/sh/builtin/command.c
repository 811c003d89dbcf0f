// command -v and -V, and type: what a name is. (command NAME itself: run/simple.c.)
#include <string.h>

#include "sh/builtin/builtins.h"
#include "sh/output.h"
#include "sh/parse/alias.h"
#include "sh/run/command.h"
#include "sh/run/find.h"
#include "sh/shell.h"
#include "sh/vars/function.h"

static bool is_keyword(const char *name) {
  static const char *const keywords[] = {"!",    "case", "do", "done", "elif", "else",  "esac", "fi",
                                         "for",  "if",   "in", "then", "until", "while", "{",   "}"};
  for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i += 1) {
    if (strcmp(keywords[i], name) == 0) return true;
  }
  return false;
}

static void describe_alias(const struct alias *alias, bool in_words) {
  struct text text = {NULL, 0, 0, NULL};
  text_quoted(&text, alias->value);
  if (in_words) output_format("%s is an alias for %s\n", alias->name, alias->value);
  else output_format("alias %s=%s\n", alias->name, text_end(&text));
  text_free(&text);
}

// False: there is no such command.
static bool describe(const char *name, bool in_words, const char *path) {
  const struct builtin *builtin = builtin_find(name);
  const struct alias *alias = alias_find(name);
  const char *kind = NULL;
  if (is_keyword(name)) kind = "a shell keyword";
  else if (alias != NULL) describe_alias(alias, in_words);
  else if (builtin != NULL && (builtin->flags & BUILTIN_SPECIAL) != 0) kind = "a special shell builtin";
  else if (function_find(name) != NULL) kind = "a shell function";
  else if (builtin != NULL) kind = "a shell builtin";
  if (kind != NULL) output_format(in_words ? "%s is %s\n" : "%s\n", name, kind);
  if (kind != NULL || alias != NULL) return true;
  const char *found = path == NULL || strchr(name, '/') != NULL ? find_command(name) : find_in_path(name, path, true);
  if (found == NULL) return false;
  if (in_words) output_format("%s is %s\n", name, found);
  else output_format("%s\n", found);
  return true;
}

int type_main(int argc, char **argv) {
  int status = 0;
  for (int i = 1; i < argc; i += 1) {
    if (describe(argv[i], true, NULL)) continue;
    output_format("%s: not found\n", argv[i]);
    status = 127;
  }
  return status;
}

int command_main(int argc, char **argv) {
  bool in_words = false;
  const char *path = NULL;
  int i = 1;
  for (; i < argc && argv[i][0] == '-'; i += 1) {
    if (strcmp(argv[i], "--") == 0) {
      i += 1;
      break;
    }
    if (strspn(argv[i] + 1, "pvV") != strlen(argv[i] + 1)) {
      shell_error("command: Illegal option %s", argv[i]);
      return 2;
    }
    if (strchr(argv[i], 'V') != NULL) in_words = true;
    if (strchr(argv[i], 'p') != NULL) path = STANDARD_PATH;
  }
  int status = 0;
  for (; i < argc; i += 1) {
    if (describe(argv[i], in_words, path)) continue;
    if (in_words) output_format("%s: not found\n", argv[i]);
    status = 127;
  }
  return status;
}
