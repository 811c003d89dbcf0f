#include "sh/line/terminal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/transfer.h"
#include "sh/jobs/job.h"
#include "sh/line/editor.h"
#include "sh/line/history.h"
#include "sh/line/prompt.h"
#include "sh/output.h"
#include "sh/shell.h"
#include "sh/signals/trap.h"

enum { MOST_ENDS = 50 };  // Ctrl-D that ignoreeof takes

// Where there is no terminal to edit on: the prompt, and what comes.
static enum line_result read_plain(const char *prompt, struct text *line) {
  char c;
  write_all(2, prompt, strlen(prompt));
  for (;;) {
    ssize_t count = read_or_signal(0, &c, 1);
    if (count < 0 && errno == EINTR) {
      if (trap_was_interrupted()) return LINE_INTERRUPTED;
      traps_run();
      if (shell_stopped()) return LINE_INTERRUPTED;
      continue;
    }
    if (count <= 0) return line->length > 0 ? LINE_READ : LINE_END;
    if (c == '\n') return LINE_READ;
    text_char(line, c);
  }
}

static enum line_result read_line(bool continued, struct text *line) {
  struct mark mark = arena_mark(&scratch);
  const char *prompt = prompt_text(continued ? "PS2" : "PS1");
  bool edits = isatty(0) && isatty(2);
  enum line_result result = edits ? edit_line(prompt, line) : read_plain(prompt, line);
  arena_release(&scratch, mark);
  return result;
}

static bool refill(struct input *input, bool continued) {
  static int ends;
  struct text line = {NULL, 0, 0, NULL};
  if (!continued) {
    jobs_collect(false);
    jobs_report();
  }
  output_flush();
  for (;;) {
    line.length = 0;
    enum line_result result = read_line(continued, &line);
    if (result == LINE_READ) break;
    traps_run();
    if (result == LINE_INTERRUPTED && shell.control == CONTROL_ABORT && !continued) {
      shell.control = CONTROL_NONE;
      continue;
    }
    if (result == LINE_END && !continued && jobs_hold_back()) continue;
    bool again = result == LINE_END && !continued && shell.options[OPTION_IGNORE_EOF] && ends < MOST_ENDS;
    if (!again) {
      text_free(&line);
      return false;
    }
    ends += 1;
    fputs("Use \"exit\" to leave shell.\n", stderr);
  }
  ends = 0;
  if (!continued) jobs_next_line();
  history_add(text_end(&line));
  text_bytes(&input->text, line.data, line.length);
  text_char(&input->text, '\n');
  text_free(&line);
  return true;
}

void input_from_terminal(struct input *input) {
  *input = (struct input){.line = 1, .refill = refill, .fd = 0};
}
