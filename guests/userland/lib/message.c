#include "message.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const char *message_name = "userland";

void message(const char *format, ...) {
  va_list args;
  va_start(args, format);
  fflush(stdout);
  fprintf(stderr, "%s: ", message_name);
  vfprintf(stderr, format, args);
  fputc('\n', stderr);
  va_end(args);
}

void message_errno(const char *format, ...) {
  int error = errno;
  va_list args;
  va_start(args, format);
  fflush(stdout);
  fprintf(stderr, "%s: ", message_name);
  vfprintf(stderr, format, args);
  fprintf(stderr, ": %s\n", strerror(error));
  va_end(args);
}
