#include "sh/line/prompt.h"

#include <string.h>
#include <unistd.h>

#include "sh/expand/expand.h"
#include "sh/parse/parser.h"
#include "sh/shell.h"
#include "sh/vars/variable.h"

static const char *default_of(const char *variable) {
  if (strcmp(variable, "PS1") == 0) return geteuid() == 0 ? "# " : "$ ";
  return strcmp(variable, "PS2") == 0 ? "> " : "+ ";
}

static char *expand(const char *text) {
  struct input input;
  input_from_text(&input, text, strlen(text));
  input.no_aliases = true;
  struct parser p = {.input = &input, .arena = &scratch};
  struct part *parts = parse_parts(&p, CONTEXT_HERE);
  char *expanded = p.failed ? NULL : expand_text(parts);
  shell_input_close(&input);
  return expanded;
}

static char *expand_quietly(const char *text) {
  char *copy = arena_copy(&scratch, text, strlen(text));
  if (strpbrk(copy, "$`\\") == NULL) return copy;
  int status = shell.status;
  char *expanded = expand(copy);
  if (expanded == NULL) shell.control = CONTROL_NONE;
  shell.status = status;
  return expanded;
}

char *prompt_expanded(const char *variable) {
  const char *text = variable_value(variable);
  return text == NULL ? NULL : expand_quietly(text);
}

char *prompt_text(const char *variable) {
  const char *text = variable_value(variable);
  if (text == NULL) text = default_of(variable);
  char *expanded = expand_quietly(text);
  return expanded == NULL ? arena_copy(&scratch, text, strlen(text)) : expanded;
}
