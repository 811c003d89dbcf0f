#include "sh/line/editor.h"

#include <stdlib.h>
#include <string.h>
#include <termios.h>

#include "sh/line/complete.h"
#include "sh/line/display.h"
#include "sh/line/history.h"
#include "sh/line/search.h"
#include "sh/shell.h"
#include "sh/signals/trap.h"

struct editor {
  struct line_buffer buffer;
  struct display display;
  int history;      // the line that is shown; history_count(): the new one
  struct text new_line;  // the new one while an old one is shown
  enum key_kind last;
};

// What was killed last, over lines.
static struct text killed;

static bool make_raw(struct termios *before) {
  if (tcgetattr(0, before) < 0) return false;
  struct termios raw = *before;
  raw.c_lflag &= (tcflag_t) ~(ICANON | ECHO | ISIG | IEXTEN);
  raw.c_iflag &= (tcflag_t) ~(IXON | INLCR | IGNCR);
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  return tcsetattr(0, TCSADRAIN, &raw) == 0;
}

static void move_in_history(struct editor *e, int step) {
  int index = e->history + step;
  if (index < 0 || index > history_count()) {
    display_bell();
    return;
  }
  if (e->history == history_count()) {
    e->new_line.length = 0;
    text_bytes(&e->new_line, e->buffer.text->data, e->buffer.text->length);
  }
  e->history = index;
  buffer_set(&e->buffer, index == history_count() ? text_end(&e->new_line) : history_line(index));
}

static void kill_to(struct editor *e, size_t there) { buffer_remove(&e->buffer, there, &killed); }

static void move_or_change(struct editor *e, enum key_kind kind) {
  struct line_buffer *b = &e->buffer;
  switch (kind) {
    case KEY_LEFT: b->cursor = buffer_left(b); break;
    case KEY_RIGHT: b->cursor = buffer_right(b); break;
    case KEY_WORD_LEFT: b->cursor = buffer_word_left(b); break;
    case KEY_WORD_RIGHT: b->cursor = buffer_word_right(b); break;
    case KEY_HOME: b->cursor = 0; break;
    case KEY_END: b->cursor = b->text->length; break;
    case KEY_UP: move_in_history(e, -1); break;
    case KEY_DOWN: move_in_history(e, 1); break;
    case KEY_BACKSPACE: buffer_remove(b, buffer_left(b), NULL); break;
    case KEY_DELETE:
    case KEY_DELETE_OR_END: buffer_remove(b, buffer_right(b), NULL); break;
    case KEY_KILL_TO_END: kill_to(e, b->text->length); break;
    case KEY_KILL_TO_START: kill_to(e, 0); break;
    case KEY_KILL_WORD_LEFT: kill_to(e, buffer_blank_left(b)); break;
    case KEY_KILL_WORD_RIGHT: kill_to(e, buffer_word_right(b)); break;
    case KEY_YANK: buffer_insert(b, killed.data == NULL ? "" : killed.data, killed.length); break;
    case KEY_CLEAR: display_clear(&e->display); break;
    default: return;
  }
  display_refresh(&e->display, b);
}

// A trap may have printed something: the line is shown anew below it.
static bool after_signal(struct editor *e) {
  if (trap_was_interrupted()) return false;
  traps_run();
  if (shell_stopped()) return false;
  e->display.row = 0;
  display_refresh(&e->display, &e->buffer);
  return true;
}

// True: the line is done, with *result.
static bool do_key(struct editor *e, struct key key, enum line_result *result) {
  if (key.kind == KEY_SEARCH) key = search_history(&e->display, &e->buffer);
  bool again = e->last == KEY_COMPLETE;
  e->last = key.kind;
  switch (key.kind) {
    case KEY_TEXT:
      buffer_insert(&e->buffer, key.text, strlen(key.text));
      display_typed(&e->display, &e->buffer, key.text, strlen(key.text));
      return false;
    case KEY_COMPLETE:
      complete_word(&e->display, &e->buffer, again);
      return false;
    case KEY_ENTER:
      display_end(&e->display, &e->buffer, "");
      *result = LINE_READ;
      return true;
    case KEY_INTERRUPT:
      display_end(&e->display, &e->buffer, "^C");
      shell.status = 128 + SIGINT;
      shell.control = CONTROL_ABORT;
      *result = LINE_INTERRUPTED;
      return true;
    case KEY_SIGNAL:
      *result = LINE_INTERRUPTED;
      return !after_signal(e);
    case KEY_END_OF_INPUT:
      *result = LINE_END;
      return true;
    default: break;
  }
  if (key.kind == KEY_DELETE_OR_END && e->buffer.text->length == 0) {
    display_end(&e->display, &e->buffer, "");
    *result = LINE_END;
    return true;
  }
  move_or_change(e, key.kind);
  return false;
}

enum line_result edit_line(const char *prompt, struct text *line) {
  struct termios before;
  enum line_result result = LINE_END;
  if (!make_raw(&before)) return LINE_END;
  struct editor e = {.buffer = {line, 0}, .history = history_count()};
  text_end(line);
  display_start(&e.display, prompt);
  display_refresh(&e.display, &e.buffer);
  while (!do_key(&e, read_key(), &result)) continue;
  text_free(&e.new_line);
  tcsetattr(0, TCSADRAIN, &before);
  return result;
}
