#include "sh/shell.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/transfer.h"
#include "sh/memory/arena.h"
#include "sh/memory/text.h"
#include "sh/output.h"
#include "sh/vars/getopts.h"

struct shell shell = {.name = "sh", .substitution_status = -1};

// In one piece: others may have something to say at the same time.
static void say(const char *format, va_list args) {
  char *what;
  output_flush();
  if (vasprintf(&what, format, args) < 0) return;
  struct text text = {NULL, 0, 0, NULL};
  text_string(&text, shell.name);
  if (!shell.options[OPTION_INTERACTIVE]) {
    text_string(&text, ": ");
    text_number(&text, shell.line);
  }
  text_string(&text, ": ");
  text_string(&text, what);
  text_char(&text, '\n');
  write_all(2, text.data, text.length);
  text_free(&text);
  free(what);
}

void shell_warn(const char *format, ...) {
  va_list args;
  va_start(args, format);
  say(format, args);
  va_end(args);
}

void shell_error(const char *format, ...) {
  va_list args;
  va_start(args, format);
  say(format, args);
  va_end(args);
  shell.status = 2;
  shell.failed = true;
  shell.control = shell.options[OPTION_INTERACTIVE] ? CONTROL_ABORT : CONTROL_EXIT;
}

void shell_exit(int status) {
  shell.status = status;
  shell.control = CONTROL_EXIT;
}

static char **copy_params(char *const *params, int count) {
  char **copy = shell_alloc(((size_t)count + 1) * sizeof *copy);
  for (int i = 0; i < count; i += 1) copy[i] = shell_copy(params[i]);
  copy[count] = NULL;
  return copy;
}

static void free_params(char **params) {
  if (params == NULL) return;
  for (char **param = params; *param != NULL; param += 1) free(*param);
  free(params);
}

struct params shell_replace_params(char *const *params, int count) {
  struct params old = {shell.params, shell.param_count};
  shell.params = copy_params(params, count);
  shell.param_count = count;
  getopts_restart();
  return old;
}

void shell_restore_params(struct params old) {
  free_params(shell.params);
  shell.params = old.values;
  shell.param_count = old.count;
  getopts_restart();
}

void shell_set_params(char *const *params, int count) {
  free_params(shell_replace_params(params, count).values);
}
