#include "sh/run/trace.h"

#include <string.h>

#include "lib/transfer.h"
#include "sh/line/prompt.h"
#include "sh/output.h"
#include "sh/run/command.h"
#include "sh/shell.h"

static void append(struct text *line, const char *word) {
  bool plain = *word != '\0' && strpbrk(word, " \t\n'\"\\$`|&;<>()*?[]#~{}!") == NULL;
  if (plain) text_string(line, word);
  else text_quoted(line, word);
}

static void write_line(struct text *line) {
  text_char(line, '\n');
  output_flush();
  write_all(2, line->data, line->length);
  text_free(line);
}

static struct text begin_line(void) {
  struct text line = {NULL, 0, 0, NULL};
  // The prompt's own substitutions are not traced.
  shell.options[OPTION_TRACE] = false;
  char *prompt = prompt_text("PS4");
  shell.options[OPTION_TRACE] = true;
  text_string(&line, prompt);
  return line;
}

void trace_command(const struct command *command) {
  if (!shell.options[OPTION_TRACE] || shell_stopped()) return;
  struct text line = begin_line();
  for (int i = 0; i < command->argc; i += 1) {
    if (i > 0) text_char(&line, ' ');
    append(&line, command->argv[i]);
  }
  write_line(&line);
}

void trace_assignment(const char *name, const char *value) {
  if (!shell.options[OPTION_TRACE]) return;
  struct text line = begin_line();
  text_string(&line, name);
  text_char(&line, '=');
  append(&line, value);
  write_line(&line);
}
