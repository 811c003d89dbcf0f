#include "lines.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "array.h"
#include "message.h"
#include "writer.h"

#define PIECE 65536

int input_open(const char *name) {
  if (strcmp(name, "-") == 0) return 0;
  int fd = open(name, O_RDONLY | O_CLOEXEC);
  if (fd < 0) message_errno("%s", name);
  return fd;
}

ptrdiff_t input_read(int fd, const char *name, void *data, size_t size) {
  if (out.terminal && out.used > 0) writer_flush(&out);
  for (;;) {
    ssize_t count = read(fd, data, size);
    if (count >= 0) return count;
    if (errno == EINTR) continue;
    message_errno("%s", name);
    return -1;
  }
}

void input_close(int fd) {
  if (fd > 0) close(fd);
}

void lines_from(struct lines *lines, int fd, const char *name, char delimiter) {
  *lines = (struct lines){.fd = fd, .name = name, .delimiter = delimiter};
}

bool lines_open(struct lines *lines, const char *name, char delimiter) {
  lines_from(lines, input_open(name), name, delimiter);
  return lines->fd >= 0;
}

static void make_room(struct lines *lines) {
  size_t used = lines->end - lines->start;
  if (lines->start > 0 && used > 0) memmove(lines->buffer, lines->buffer + lines->start, used);
  lines->start = 0;
  lines->end = used;
  if (lines->size > used + PIECE) return;
  lines->size = used < PIECE ? 2 * PIECE + 1 : 2 * used + PIECE + 1;
  lines->buffer = must_grow(lines->buffer, lines->size, 1);
}

bool lines_fill(struct lines *lines) {
  if (lines->at_end) return false;
  make_room(lines);
  // A byte is kept for the NUL behind a last line without a delimiter.
  size_t room = lines->size - lines->end - 1;
  ptrdiff_t count = input_read(lines->fd, lines->name, lines->buffer + lines->end, room);
  if (count <= 0) {
    lines->at_end = true;
    lines->failed = count < 0;
    return false;
  }
  lines->end += (size_t)count;
  return true;
}

static bool take(struct lines *lines, struct line *line, size_t length, bool ended) {
  line->text = lines->buffer + lines->start;
  line->length = length;
  line->ended = ended;
  line->text[length] = '\0';
  lines->start += length + (ended ? 1 : 0);
  return true;
}

bool lines_next(struct lines *lines, struct line *line) {
  size_t seen = 0;
  for (;;) {
    size_t left = lines->end - lines->start - seen;
    if (left > 0) {
      char *from = lines->buffer + lines->start + seen;
      char *found = memchr(from, lines->delimiter, left);
      if (found != NULL) return take(lines, line, seen + (size_t)(found - from), true);
    }
    seen += left;
    if (lines_fill(lines)) continue;
    return seen > 0 && take(lines, line, seen, false);
  }
}

bool lines_over(struct lines *lines) { return lines->start == lines->end && !lines_fill(lines); }

void lines_give_back(struct lines *lines) {
  off_t unread = (off_t)(lines->end - lines->start);
  // What cannot be moved (a pipe) has no position to be taken back.
  if (unread > 0) lseek(lines->fd, -unread, SEEK_CUR);
  lines->start = lines->end;
}

bool lines_close(struct lines *lines) {
  input_close(lines->fd);
  free(lines->buffer);
  lines->buffer = NULL;
  return !lines->failed;
}
