#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "answer.h"
#include "request.h"
#include "signal-state.h"

static int exec(const char *program, const char *search, char *const arguments[],
                char *const environment[]) {
  static char *const none[] = {NULL};
  struct request request = {
      .program = program,
      .search = search,
      .arguments = arguments,
      .environment = environment == NULL ? none : environment,
  };
  signals_hand_over();
  size_t length;
  void *bytes = request_bytes(&request, &length);
  if (bytes == NULL) return answered(ENOMEM);
  int error = bulkhead_proc_exec(bytes, length);
  free(bytes);
  return answered(error);
}

int execve(const char *path, char *const arguments[], char *const environment[]) {
  return exec(path, NULL, arguments, environment);
}

int execv(const char *path, char *const arguments[]) { return execve(path, arguments, environ); }

int execvpe(const char *file, char *const arguments[], char *const environment[]) {
  return exec(file, search_path(), arguments, environment);
}

int execvp(const char *file, char *const arguments[]) { return execvpe(file, arguments, environ); }

/// The arguments from `first` to the NULL that ends them, in a list that the caller frees.
static char **listed(const char *first, va_list *more) {
  va_list counted;
  va_copy(counted, *more);
  size_t count = 1;
  while (va_arg(counted, char *) != NULL) count += 1;
  va_end(counted);
  char **list = malloc((count + 1) * sizeof *list);
  if (list == NULL) return NULL;
  list[0] = (char *)first;
  for (size_t at = 1; at <= count; at += 1) list[at] = va_arg(*more, char *);
  return list;
}

int execl(const char *path, const char *first, ...) {
  va_list more;
  va_start(more, first);
  char **list = listed(first, &more);
  va_end(more);
  int answer = list == NULL ? answered(ENOMEM) : execv(path, list);
  free(list);
  return answer;
}

int execlp(const char *file, const char *first, ...) {
  va_list more;
  va_start(more, first);
  char **list = listed(first, &more);
  va_end(more);
  int answer = list == NULL ? answered(ENOMEM) : execvp(file, list);
  free(list);
  return answer;
}

int execle(const char *path, const char *first, ...) {
  va_list more;
  va_start(more, first);
  char **list = listed(first, &more);
  char *const *environment = va_arg(more, char *const *);
  va_end(more);
  int answer = list == NULL ? answered(ENOMEM) : execve(path, list, environment);
  free(list);
  return answer;
}
