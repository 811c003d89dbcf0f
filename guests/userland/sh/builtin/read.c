// read: one line into variables.
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sh/builtin/builtins.h"
#include "sh/expand/marked.h"
#include "sh/memory/arena.h"
#include "sh/parse/parser.h"
#include "sh/shell.h"
#include "sh/signals/trap.h"
#include "sh/vars/variable.h"

// Reads ahead where it can go back: what follows the line is for others.
struct line_reader {
  char buffer[512];
  size_t at, count;
  bool seekable;
};

static int next_byte(struct line_reader *reader) {
  while (reader->at == reader->count) {
    ssize_t count = read_or_signal(0, reader->buffer, reader->seekable ? sizeof reader->buffer : 1);
    if (count < 0 && errno == EINTR && !trap_was_interrupted()) {
      traps_run();
      if (shell_stopped()) return -1;
      continue;
    }
    if (count <= 0) return -1;
    reader->at = 0;
    reader->count = (size_t)count;
  }
  return (unsigned char)reader->buffer[reader->at++];
}

static void give_back(struct line_reader *reader) {
  if (reader->seekable && reader->at < reader->count) {
    lseek(0, (off_t)reader->at - (off_t)reader->count, SEEK_CUR);
  }
}

// False: the end came before a newline.
static bool read_line(struct marked *line, bool raw) {
  struct line_reader reader = {.seekable = lseek(0, 0, SEEK_CUR) >= 0};
  int c;
  while ((c = next_byte(&reader)) >= 0 && c != '\n') {
    unsigned char mark = MARK_SPLIT;
    if (c == '\\' && !raw) {
      c = next_byte(&reader);
      if (c < 0) break;
      if (c == '\n') continue;
      mark = MARK_QUOTED;
    }
    if (c != '\0') marked_char(line, (char)c, mark);
  }
  give_back(&reader);
  return c == '\n';
}

struct cutter {
  const struct marked *line;
  const char *ifs;
  size_t at;
};

static bool is_separator(const struct cutter *c, size_t at) {
  return at < c->line->length && c->line->marks[at] == MARK_SPLIT && strchr(c->ifs, c->line->data[at]) != NULL;
}

static bool is_blank(const struct cutter *c, size_t at) {
  return is_separator(c, at) && strchr(" \t\n", c->line->data[at]) != NULL;
}

static void skip_blanks(struct cutter *c) {
  while (is_blank(c, c->at)) c->at += 1;
}

// The end of the field, and *next behind what separates it from the following one.
static size_t field_end(const struct cutter *c, size_t *next) {
  size_t end = c->at;
  while (end < c->line->length && !is_separator(c, end)) end += 1;
  *next = end;
  while (is_blank(c, *next)) *next += 1;
  if (is_separator(c, *next)) *next += 1;
  while (is_blank(c, *next)) *next += 1;
  return end;
}

static bool set_field(const struct cutter *c, const char *name, size_t end) {
  return variable_set(name, end == c->at ? "" : arena_copy(&scratch, c->line->data + c->at, end - c->at));
}

// The last variable gets all that is left.
static bool set_rest(struct cutter *c, const char *name) {
  size_t next;
  size_t end = field_end(c, &next);
  if (next < c->line->length) {
    end = c->line->length;
    while (end > c->at && is_blank(c, end - 1)) end -= 1;
  }
  return set_field(c, name, end);
}

static bool set_variables(const struct marked *line, char **names) {
  struct cutter c = {.line = line, .ifs = variable_value("IFS")};
  if (c.ifs == NULL) c.ifs = " \t\n";
  c.ifs = arena_copy(&scratch, c.ifs, strlen(c.ifs));
  skip_blanks(&c);
  for (; names[1] != NULL; names += 1) {
    size_t next;
    size_t end = field_end(&c, &next);
    if (!set_field(&c, names[0], end)) return false;
    c.at = next;
  }
  return set_rest(&c, names[0]);
}

int read_main(int argc, char **argv) {
  bool raw = false;
  int i = 1;
  for (; i < argc && argv[i][0] == '-' && argv[i][1] != '\0'; i += 1) {
    if (strcmp(argv[i], "-r") == 0) {
      raw = true;
    } else if ((strcmp(argv[i], "-p") == 0 || strcmp(argv[i], "-rp") == 0) && i + 1 < argc) {
      raw = raw || argv[i][1] == 'r';
      i += 1;
      if (isatty(0)) fputs(argv[i], stderr);
    } else if (strcmp(argv[i], "--") == 0) {
      i += 1;
      break;
    } else {
      shell_error("read: Illegal option %s", argv[i]);
      return 2;
    }
  }
  if (i >= argc) {
    shell_error("read: arg count");
    return 2;
  }
  for (int name = i; name < argc; name += 1) {
    if (is_name(argv[name])) continue;
    shell_error("read: %s: bad variable name", argv[name]);
    return 2;
  }
  struct marked line = {0};
  bool whole = read_line(&line, raw);
  if (!set_variables(&line, argv + i)) return 2;
  return whole ? 0 : 1;
}
