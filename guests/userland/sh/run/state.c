#include "sh/run/state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sh/parse/alias.h"
#include "sh/parse/print.h"
#include "sh/run/run.h"
#include "sh/shell.h"
#include "sh/signals/trap.h"
#include "sh/vars/function.h"
#include "sh/vars/variable.h"

// The numbers in front, in this order; all of them fit.
struct header {
  long long source;  // bytes of the state's source
  long long name;    // bytes of $0
  long long pid, status, last_background, line, condition_depth, function_depth, evaluation_depth, options;
};

#define HEADER_FORMAT "%lld %lld %lld %lld %lld %lld %lld %lld %lld %lld\n"
enum { HEADER_COUNT = 10 };

static void write_variables(struct text *text) {
  size_t count;
  const struct variable **list = variables_sorted(&count);
  for (size_t i = 0; i < count; i += 1) {
    const struct variable *variable = list[i];
    if (variable->value != NULL && !variable->exported) {
      text_string(text, variable->name);
      text_char(text, '=');
      text_quoted(text, variable->value);
      text_char(text, '\n');
    }
    if (variable->exported && variable->value == NULL) {
      text_string(text, "export ");
      text_string(text, variable->name);
      text_char(text, '\n');
    }
    if (!variable->read_only) continue;
    text_string(text, "readonly ");
    text_string(text, variable->name);
    text_char(text, '\n');
  }
  free(list);
}

static void write_aliases(struct text *text) {
  for (const struct alias *alias = alias_first(); alias != NULL; alias = alias->next) {
    text_string(text, "alias -- ");
    text_quoted(text, alias->name);
    text_char(text, '=');
    text_quoted(text, alias->value);
    text_char(text, '\n');
  }
}

static void write_params(struct text *text) {
  if (shell.param_count == 0) return;
  text_string(text, "set --");
  for (int i = 0; i < shell.param_count; i += 1) {
    text_char(text, ' ');
    text_quoted(text, shell.params[i]);
  }
  text_char(text, '\n');
}

static void write_source(struct text *text) {
  write_variables(text);
  for (const struct function *function = function_first(); function != NULL; function = function->next) {
    print_function(text, function->node);
  }
  write_aliases(text);
  traps_write_ignored(text);
  write_params(text);
}

static long long option_bits(void) {
  long long bits = 0;
  for (int i = 0; i < OPTION_COUNT; i += 1) {
    // A subshell has no terminal of its own to govern.
    bool kept = i != OPTION_INTERACTIVE && i != OPTION_MONITOR && i != OPTION_LOGIN;
    if (shell.options[i] && kept) bits |= 1LL << i;
  }
  return bits;
}

static void write_header(struct text *text, const struct header *h) {
  char line[256];
  int length = snprintf(line, sizeof line, HEADER_FORMAT, h->source, h->name, h->pid, h->status, h->last_background,
                        h->line, h->condition_depth, h->function_depth, h->evaluation_depth, h->options);
  text_bytes(text, line, (size_t)length);
}

void state_write(struct text *text) {
  struct text source = {NULL, 0, 0, NULL};
  write_source(&source);
  struct header header = {
    .source = (long long)source.length,
    .name = (long long)strlen(shell.name),
    .pid = shell.pid,
    .status = shell.status,
    .last_background = shell.last_background,
    .line = shell.line,
    .condition_depth = shell.condition_depth,
    .function_depth = shell.function_depth,
    .evaluation_depth = shell.evaluation_depth,
    .options = option_bits(),
  };
  write_header(text, &header);
  text_string(text, shell.name);
  text_bytes(text, source.data, source.length);
  text_free(&source);
}

void state_write_empty(struct text *text) {
  struct header header = {.name = (long long)strlen(shell.name), .pid = shell.pid, .line = shell.line};
  write_header(text, &header);
  text_string(text, shell.name);
}

static void take_over(const struct header *h) {
  shell.pid = (pid_t)h->pid;
  shell.status = (int)h->status;
  shell.last_background = (pid_t)h->last_background;
  shell.condition_depth = (int)h->condition_depth;
  shell.function_depth = (int)h->function_depth;
  shell.evaluation_depth = (int)h->evaluation_depth;
  if (shell.function_depth > 0) scope_push(SCOPE_LOCAL);
  for (int i = 0; i < OPTION_COUNT; i += 1) shell.options[i] = (h->options >> i & 1) != 0;
}

const char *state_read(const char *text) {
  struct header h;
  int count = sscanf(text, HEADER_FORMAT, &h.source, &h.name, &h.pid, &h.status, &h.last_background, &h.line,
                     &h.condition_depth, &h.function_depth, &h.evaluation_depth, &h.options);
  const char *newline = strchr(text, '\n');
  if (count != HEADER_COUNT || newline == NULL || h.source < 0 || h.name < 0) return NULL;
  long long rest = (long long)strlen(newline + 1);
  if (h.name > rest || h.source > rest - h.name) return NULL;
  const char *name = newline + 1;
  const char *source = name + h.name;
  struct text copy = {NULL, 0, 0, NULL};
  text_bytes(&copy, name, (size_t)h.name);
  shell.name = shell_copy(text_end(&copy));
  copy.length = 0;
  shell.line = (int)h.line;
  text_bytes(&copy, source, (size_t)h.source);
  run_text(text_end(&copy), true, false);
  text_free(&copy);
  take_over(&h);
  return source + h.source;
}
