#include "replace-file.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/memory.h"
#include "lib/message.h"

// A name beside the old one that nothing has yet.
static int open_scratch(struct replacement *replacement) {
  const char *slash = strrchr(replacement->name, '/');
  int directory = slash == NULL ? 0 : (int)(slash - replacement->name) + 1;
  for (int attempt = 0; attempt < 1000; attempt += 1) {
    replacement->scratch = must_format("%.*s.%d-%d.tmp", directory, replacement->name, (int)getpid(), attempt);
    int fd = open(replacement->scratch, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0 || errno != EEXIST) return fd;
    free(replacement->scratch);
    replacement->scratch = NULL;
  }
  return -1;
}

bool replacement_open(struct replacement *replacement, const char *name, int fd) {
  struct stat status;
  *replacement = (struct replacement){.name = name};
  if (fstat(fd, &status) != 0) {
    message_errno("%s", name);
    return false;
  }
  if (!S_ISREG(status.st_mode)) {
    message("%s: not a regular file", name);
    return false;
  }
  int new = open_scratch(replacement);
  if (new < 0) {
    message_errno("cannot make a file beside %s", name);
    free(replacement->scratch);
    return false;
  }
  // Who may not give a file away has one of their own.
  if (fchown(new, status.st_uid, status.st_gid) != 0) errno = 0;
  if (fchmod(new, status.st_mode & 07777) != 0) errno = 0;
  writer_open(&replacement->writer, new, replacement->scratch);
  return true;
}

bool replacement_finish(struct replacement *replacement, bool keep) {
  writer_close(&replacement->writer);
  bool good = keep && rename(replacement->scratch, replacement->name) == 0;
  if (keep && !good) message_errno("%s", replacement->name);
  if (!good) unlink(replacement->scratch);
  free(replacement->scratch);
  return good;
}
