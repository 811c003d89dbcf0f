#include "sh/output.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/message.h"
#include "lib/transfer.h"

static char buffer[4096];
static size_t used;
static int failure;  // errno of the first write that failed
static struct text *captured;

static void write_buffer(void) {
  if (used > 0 && failure == 0 && !write_all(1, buffer, used)) failure = errno;
  used = 0;
}

void output_char(char c) {
  if (captured != NULL) {
    text_char(captured, c);
    return;
  }
  if (used == sizeof buffer) write_buffer();
  buffer[used++] = c;
}

void output_bytes(const char *bytes, size_t length) {
  if (captured != NULL) {
    text_bytes(captured, bytes, length);
    return;
  }
  for (size_t i = 0; i < length; i += 1) output_char(bytes[i]);
}

void output_string(const char *string) {
  while (*string != '\0') output_char(*string++);
}

void output_format(const char *format, ...) {
  char text[1024];
  va_list args;
  va_start(args, format);
  int length = vsnprintf(text, sizeof text, format, args);
  va_end(args);
  if (length < 0) return;
  if ((size_t)length < sizeof text) {
    output_bytes(text, (size_t)length);
    return;
  }
  char *longer = shell_alloc((size_t)length + 1);
  va_start(args, format);
  vsnprintf(longer, (size_t)length + 1, format, args);
  va_end(args);
  output_bytes(longer, (size_t)length);
  free(longer);
}

int output_flush(void) {
  write_buffer();
  if (failure == 0) return 0;
  errno = failure;
  failure = 0;
  return -1;
}

int output_finish(int status) {
  if (output_flush() == 0) return status;
  message_errno("write error");
  return status == 0 ? 1 : status;
}

struct text *output_capture(struct text *text) {
  struct text *old = captured;
  if (old == NULL) write_buffer();
  captured = text;
  return old;
}
