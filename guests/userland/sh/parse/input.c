#include "sh/parse/input.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/transfer.h"
#include "sh/memory/text.h"
#include "sh/parse/alias.h"
#include "sh/shell.h"

struct active_alias {
  struct active_alias *next;
  const char *name;
  size_t end;
};

enum { READ_BYTES = 4096 };

static bool no_more(struct input *input, bool continued) {
  (void)input, (void)continued;
  return false;
}

void input_from_text(struct input *input, const char *text, size_t length) {
  *input = (struct input){.line = 1, .refill = no_more, .fd = -1};
  text_bytes(&input->text, text, length);
}

static ssize_t read_again(int fd, char *buffer, size_t size) {
  ssize_t count;
  do count = read(fd, buffer, size);
  while (count < 0 && errno == EINTR);
  return count;
}

// NUL bytes have no meaning in a script and are dropped.
static void append_script(struct input *input, const char *bytes, size_t length) {
  for (size_t i = 0; i < length; i += 1) {
    if (bytes[i] != '\0') text_char(&input->text, bytes[i]);
  }
}

// set -v: what is read is shown.
static void show(const char *bytes, size_t length) {
  if (shell.options[OPTION_VERBOSE]) write_all(2, bytes, length);
}

static bool refill_block(struct input *input, bool continued) {
  (void)continued;
  char buffer[READ_BYTES];
  ssize_t count = read_again(input->fd, buffer, sizeof buffer);
  if (count <= 0) return false;
  show(buffer, (size_t)count);
  append_script(input, buffer, (size_t)count);
  return true;
}

// Commands read the same descriptor: they must find what follows the line.
static bool refill_line(struct input *input, bool continued) {
  (void)continued;
  char buffer[READ_BYTES];
  bool seekable = lseek(input->fd, 0, SEEK_CUR) >= 0;
  ssize_t count = read_again(input->fd, buffer, seekable ? sizeof buffer : 1);
  if (count <= 0) return false;
  if (seekable) {
    char *newline = memchr(buffer, '\n', (size_t)count);
    ssize_t used = newline == NULL ? count : newline + 1 - buffer;
    if (used < count) lseek(input->fd, (off_t)used - (off_t)count, SEEK_CUR);
    count = used;
  }
  show(buffer, (size_t)count);
  append_script(input, buffer, (size_t)count);
  return true;
}

void input_from_fd(struct input *input, int fd, bool shared) {
  *input = (struct input){.line = 1, .refill = shared ? refill_line : refill_block, .fd = fd};
}

static void forget_aliases(struct input *input) {
  while (input->aliases != NULL) {
    struct active_alias *gone = input->aliases;
    input->aliases = gone->next;
    free(gone);
  }
  input->alias_again = 0;
}

void shell_input_close(struct input *input) {
  forget_aliases(input);
  text_free(&input->text);
}

static bool have(struct input *input, size_t count) {
  while (input->at + count > input->text.length) {
    if (input->ended) return false;
    input->ended = !input->refill(input, input->continued);
  }
  return true;
}

int input_peek_raw(struct input *input) {
  return have(input, 1) ? (unsigned char)input->text.data[input->at] : INPUT_END;
}

int input_peek_second(struct input *input) {
  return have(input, 2) ? (unsigned char)input->text.data[input->at + 1] : INPUT_END;
}

static void count_line(struct input *input) {
  if (!input->one_line) input->line += 1;
}

int input_next_raw(struct input *input) {
  int c = input_peek_raw(input);
  if (c == INPUT_END) return c;
  input->at += 1;
  if (c == '\n') count_line(input);
  return c;
}

int input_peek(struct input *input) {
  for (;;) {
    int c = input_peek_raw(input);
    if (c != '\\' || input_peek_second(input) != '\n') return c;
    input->at += 2;
    count_line(input);
  }
}

int input_next(struct input *input) {
  return input_peek(input) == INPUT_END ? INPUT_END : input_next_raw(input);
}

void input_begin_command(struct input *input) {
  size_t left = input->text.length - input->at;
  // Not each time, so that a long text is not moved once for each of its lines.
  if (left <= input->at) {
    if (left > 0) memmove(input->text.data, input->text.data + input->at, left);
    input->text.length = left;
    input->at = 0;
  }
  input->continued = false;
  input->ended = false;
  forget_aliases(input);
}

bool input_is_spent(const struct input *input) {
  if (input->refill != no_more) return false;
  for (size_t i = input->at; i < input->text.length; i += 1) {
    if (strchr(" \t\n", input->text.data[i]) == NULL) return false;
  }
  return true;
}

void input_drop_line(struct input *input) {
  input->at = input->text.length;
  input_begin_command(input);
}

static bool is_active(struct input *input, size_t start, const char *name) {
  for (struct active_alias *active = input->aliases; active != NULL; active = active->next) {
    if (start < active->end && strcmp(active->name, name) == 0) return true;
  }
  return false;
}

bool input_put_alias(struct input *input, size_t start, const char *name) {
  if (input->no_aliases) return false;
  const struct alias *alias = alias_find(name);
  if (alias == NULL || is_active(input, start, name)) return false;
  size_t length = strlen(alias->value);
  size_t old = input->at - start;
  struct text changed = {NULL, 0, 0, NULL};
  text_bytes(&changed, input->text.data, start);
  text_bytes(&changed, alias->value, length);
  text_bytes(&changed, input->text.data + input->at, input->text.length - input->at);
  text_free(&input->text);
  input->text = changed;
  for (struct active_alias *active = input->aliases; active != NULL; active = active->next) {
    if (active->end >= input->at) active->end = active->end - old + length;
  }
  struct active_alias *active = shell_alloc(sizeof *active);
  *active = (struct active_alias){input->aliases, alias->name, start + length};
  input->aliases = active;
  bool blank = length > 0 && strchr(" \t", alias->value[length - 1]) != NULL;
  input->alias_again = blank ? start + length : 0;
  input->at = start;
  return true;
}
