#include "message.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *message_name = "userland";

static void begin(const char *format, va_list args) {
  fflush(stdout);
  fprintf(stderr, "%s: ", message_name);
  vfprintf(stderr, format, args);
}

void message_list(const char *format, va_list args) {
  begin(format, args);
  fputc('\n', stderr);
}

void message_errno_list(const char *format, va_list args) {
  int error = errno;
  begin(format, args);
  fprintf(stderr, ": %s\n", strerror(error));
}

void message(const char *format, ...) {
  va_list args;
  va_start(args, format);
  message_list(format, args);
  va_end(args);
}

void message_errno(const char *format, ...) {
  va_list args;
  va_start(args, format);
  message_errno_list(format, args);
  va_end(args);
}
