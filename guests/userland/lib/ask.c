#include "ask.h"

#include <stdarg.h>
#include <stdio.h>

#include "message.h"

bool ask(const char *format, ...) {
  va_list args;
  va_start(args, format);
  fflush(stdout);
  fprintf(stderr, "%s: ", message_name);
  vfprintf(stderr, format, args);
  fflush(stderr);
  va_end(args);
  int first = getchar();
  for (int next = first; next != '\n' && next != EOF; next = getchar()) continue;
  return first == 'y' || first == 'Y';
}
