#include "writer.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "memory.h"
#include "message.h"

struct writer out = {.fd = 1};
int failure_status = 1;

static void write_all(struct writer *writer, const char *data, size_t length) {
  while (length > 0) {
    ssize_t count = write(writer->fd, data, length);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      message_errno("%s", writer->name == NULL ? "write error" : writer->name);
      exit(failure_status);
    }
    data += count;
    length -= (size_t)count;
  }
}

void writer_open(struct writer *writer, int fd, const char *name) {
  *writer = (struct writer){.fd = fd, .name = name, .terminal = isatty(fd) == 1};
}

void writer_room(struct writer *writer) {
  if (writer->buffer != NULL) {
    writer_flush(writer);
    return;
  }
  writer->buffer = must_alloc(WRITER_SIZE);
  writer->terminal = isatty(writer->fd) == 1;
}

void writer_put(struct writer *writer, const void *data, size_t length) {
  if (writer->buffer == NULL) writer_room(writer);
  if (length > WRITER_SIZE - writer->used) {
    writer_flush(writer);
    if (length >= WRITER_SIZE) {
      write_all(writer, data, length);
      return;
    }
  }
  if (length > 0) memcpy(writer->buffer + writer->used, data, length);
  writer->used += length;
}

void writer_text(struct writer *writer, const char *text) { writer_put(writer, text, strlen(text)); }

void writer_format(struct writer *writer, const char *format, ...) {
  char small[256];
  va_list args;
  va_start(args, format);
  int length = vsnprintf(small, sizeof small, format, args);
  va_end(args);
  if (length < 0) return;
  if ((size_t)length < sizeof small) {
    writer_put(writer, small, (size_t)length);
    return;
  }
  char *large = must_alloc((size_t)length + 1);
  va_start(args, format);
  vsnprintf(large, (size_t)length + 1, format, args);
  va_end(args);
  writer_put(writer, large, (size_t)length);
  free(large);
}

void writer_flush(struct writer *writer) {
  size_t used = writer->used;
  // Emptied first: an error must not make an end write it again.
  writer->used = 0;
  write_all(writer, writer->buffer, used);
}

void writer_close(struct writer *writer) {
  writer_flush(writer);
  if (close(writer->fd) != 0 && errno != EINTR) {
    message_errno("%s", writer->name == NULL ? "write error" : writer->name);
    exit(failure_status);
  }
  free(writer->buffer);
  writer->buffer = NULL;
}

int writer_finish(int status) {
  writer_flush(&out);
  return status;
}
