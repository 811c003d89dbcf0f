// The working directory, which is the host's to keep.
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "answer.h"

int chdir(const char *path) { return answered(bulkhead_chdir(path, strlen(path))); }

int fchdir(int fd) { return answered(bulkhead_fchdir(fd)); }

static char *allocated_cwd(size_t size) {
  char *buffer = malloc(size);
  if (buffer == NULL) return NULL;
  if (getcwd(buffer, size) != NULL) return buffer;
  free(buffer);
  return NULL;
}

char *getcwd(char *buffer, size_t size) {
  if (buffer == NULL) return allocated_cwd(size == 0 ? PATH_MAX + 1 : size);
  if (size == 0) {
    errno = EINVAL;
    return NULL;
  }
  size_t length;
  if (answered(bulkhead_getcwd(buffer, size - 1, &length)) != 0) return NULL;
  buffer[length] = '\0';
  return buffer;
}

char *get_current_dir_name(void) { return allocated_cwd(PATH_MAX + 1); }
