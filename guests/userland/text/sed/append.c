// What a, r and R leave for the end of the cycle.
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/memory.h"
#include "text/sed/sed.h"

struct append {
  struct bytes text;
  const char *file;  // NULL: the text
  bool open_ended;   // a line of R without a newline
};

// A file that R reads line by line.
struct reader {
  char *name;
  struct lines lines;
  bool open;
  struct reader *next;
};

static struct append *add(struct machine *machine) {
  machine->appends = must_grow(machine->appends, machine->append_count + 1, sizeof *machine->appends);
  struct append *append = &machine->appends[machine->append_count++];
  *append = (struct append){.text = BYTES_NONE};
  return append;
}

void append_text(struct machine *machine, const struct bytes *text) {
  struct append *append = add(machine);
  bytes_add(&append->text, text->data, text->length);
}

void append_file(struct machine *machine, const struct bytes *name) { add(machine)->file = name->data; }

static struct reader *reader_of(struct machine *machine, const char *name) {
  for (struct reader *reader = machine->readers; reader != NULL; reader = reader->next) {
    if (strcmp(reader->name, name) == 0) return reader;
  }
  struct reader *reader = must_alloc(sizeof *reader);
  *reader = (struct reader){.name = must_copy(name), .next = machine->readers};
  int fd = strcmp(name, "/dev/stdin") == 0 ? 0 : open(name, O_RDONLY | O_CLOEXEC);
  // A file that is not there has no lines.
  reader->open = fd >= 0;
  if (reader->open) lines_from(&reader->lines, fd, reader->name, machine->options->line_end);
  machine->readers = reader;
  return reader;
}

void append_line_of(struct machine *machine, const struct bytes *name) {
  struct reader *reader = reader_of(machine, name->data);
  struct line line;
  if (!reader->open || !lines_next(&reader->lines, &line)) return;
  struct append *append = add(machine);
  bytes_add(&append->text, line.text, line.length);
  append->open_ended = !line.ended;
  if (line.ended) bytes_byte(&append->text, machine->options->line_end);
}

static void copy_file(struct machine *machine, const char *name) {
  enum { PIECE = 16384 };
  int fd = strcmp(name, "/dev/stdin") == 0 ? 0 : open(name, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  char *piece = must_alloc(PIECE);
  ssize_t count;
  while ((count = read(fd, piece, PIECE)) > 0 || (count < 0 && errno == EINTR)) {
    if (count > 0) output_put(&machine->script->standard, piece, (size_t)count);
  }
  free(piece);
  if (fd > 0) close(fd);
}

void appends_print(struct machine *machine) {
  for (size_t index = 0; index < machine->append_count; index += 1) {
    struct append *append = &machine->appends[index];
    if (append->file != NULL) copy_file(machine, append->file);
    else output_put(&machine->script->standard, append->text.data, append->text.length);
    if (append->open_ended) machine->script->standard.owes = true;
    bytes_free(&append->text);
  }
  machine->append_count = 0;
}

void appends_free(struct machine *machine) {
  free(machine->appends);
  while (machine->readers != NULL) {
    struct reader *next = machine->readers->next;
    if (machine->readers->open) lines_close(&machine->readers->lines);
    free(machine->readers->name);
    free(machine->readers);
    machine->readers = next;
  }
}
