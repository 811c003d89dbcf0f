#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/memory.h"
#include "lib/message.h"
#include "text/sed/sed.h"

// With -iSUFFIX, the old file keeps its content under another name; a * in the suffix is the old name.
static void keep_old(const struct input *input) {
  const char *name = input->lines.name;
  const char *suffix = input->options->suffix;
  if (suffix == NULL || *suffix == '\0') return;
  const char *star = strchr(suffix, '*');
  const char *slash = strrchr(name, '/');
  const char *base = slash == NULL ? name : slash + 1;
  char *kept = star == NULL ? must_format("%s%s", name, suffix)
                            : must_format("%.*s%.*s%s%s", (int)(base - name), name, (int)(star - suffix), suffix,
                                          base, star + 1);
  if (rename(name, kept) != 0) message_errno("cannot rename %s", name);
  free(kept);
}

static void close_file(struct input *input) {
  if (!input->open) return;
  if (input->lines.failed) input->failed = true;
  if (input->lines.fd == 0) lines_give_back(&input->lines);
  if (input->replaces) {
    keep_old(input);
    if (!replacement_finish(&input->replacement, true)) input->failed = true;
    input->standard->writer = &out;
    input->standard->owes = false;
    input->replaces = false;
  }
  lines_close(&input->lines);
  input->open = false;
}

static void open_output(struct input *input) {
  if (!input->options->in_place || input->lines.fd == 0) return;
  if (!replacement_open(&input->replacement, input->lines.name, input->lines.fd)) {
    input->failed = true;
    lines_close(&input->lines);
    input->open = false;
    return;
  }
  input->replaces = true;
  input->standard->writer = &input->replacement.writer;
}

// Opens the next file there is. False when there is none.
static bool open_next(struct input *input) {
  while (!input->open && *input->names != NULL) {
    const char *name = *input->names++;
    input->open = lines_open(&input->lines, name, input->options->line_end);
    if (!input->open) {
      input->failed = true;
      continue;
    }
    if (input->options->separate) input->number = 0;
    open_output(input);
  }
  return input->open;
}

bool input_line(struct input *input, struct bytes *to, bool *ended) {
  struct line line;
  for (; open_next(input); close_file(input)) {
    if (!lines_next(&input->lines, &line)) continue;
    bytes_add(to, line.text, line.length);
    *ended = line.ended;
    input->number += 1;
    return true;
  }
  return false;
}

bool input_is_last(struct input *input) {
  if (input->open && !lines_over(&input->lines)) return false;
  if (input->options->separate) return true;
  // The next file that has a line is the current one from here on.
  for (;;) {
    close_file(input);
    if (!open_next(input)) return true;
    if (!lines_over(&input->lines)) return false;
  }
}

const char *input_name(const struct input *input) { return input->lines.name == NULL ? "-" : input->lines.name; }

void input_end(struct input *input) { close_file(input); }
