// Output through a buffer of our own. A write that fails ends the tool with `failure_status`, after the
// reason was said: there is no tool that could go on, and none that could do anything else.
#ifndef LIB_WRITER_H
#define LIB_WRITER_H

#include <stdbool.h>
#include <stddef.h>

struct writer {
  int fd;
  const char *name;
  bool terminal;
  size_t used;
  char *buffer;
};

#define WRITER_SIZE 65536

// Standard output. Lines go out at the latest before a tool waits for input, when it is a terminal.
extern struct writer out;
// What the tool ends with when output fails. 1, unless the tool says otherwise.
extern int failure_status;

void writer_open(struct writer *writer, int fd, const char *name);
void writer_put(struct writer *writer, const void *data, size_t length);
void writer_text(struct writer *writer, const char *text);
void writer_format(struct writer *writer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void writer_flush(struct writer *writer);
// Flushes, closes and frees it.
void writer_close(struct writer *writer);
// Flushes standard output; what the tool returns.
int writer_finish(int status);

// Room for a byte was made by writer_room.
void writer_room(struct writer *writer);

static inline void writer_byte(struct writer *writer, char byte) {
  if (writer->buffer == NULL || writer->used == WRITER_SIZE) writer_room(writer);
  writer->buffer[writer->used++] = byte;
}

#endif
