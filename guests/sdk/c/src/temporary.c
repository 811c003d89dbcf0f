// Files and directories of new names.
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "answer.h"

#define PLACES 6
#define TRIES 100

static const char LETTERS[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/// Makes what `template` then names. EEXIST: another name is tried.
typedef int (*make)(const char *path, int flags);

static int make_one(char *template, int suffix, int flags, make make) {
  size_t length = strlen(template);
  if (suffix < 0 || length < (size_t)suffix + PLACES) return answered(EINVAL);
  char *places = template + length - (size_t)suffix - PLACES;
  if (memcmp(places, "XXXXXX", PLACES) != 0) return answered(EINVAL);
  for (int attempt = 0; attempt < TRIES; attempt += 1) {
    uint8_t noise[PLACES];
    if (getentropy(noise, sizeof noise) != 0) return -1;
    for (int at = 0; at < PLACES; at += 1) places[at] = LETTERS[noise[at] % (sizeof LETTERS - 1)];
    int made = make(template, flags);
    if (made >= 0 || errno != EEXIST) return made;
  }
  return answered(EEXIST);
}

static int make_file(const char *path, int flags) {
  return open(path, flags | O_RDWR | O_CREAT | O_EXCL, 0600);
}

static int make_directory(const char *path, int flags) {
  (void)flags;
  return mkdir(path, 0700);
}

static int make_nothing(const char *path, int flags) {
  struct stat stat;
  (void)flags;
  if (lstat(path, &stat) == 0) return answered(EEXIST);
  return errno == ENOENT ? 0 : -1;
}

int mkostemp(char *template, int flags) { return make_one(template, 0, flags, make_file); }

int mkstemp(char *template) { return mkostemp(template, 0); }

int mkstemps(char *template, int suffix) { return make_one(template, suffix, 0, make_file); }

char *mkdtemp(char *template) {
  return make_one(template, 0, 0, make_directory) == 0 ? template : NULL;
}

char *mktemp(char *template) {
  if (make_one(template, 0, 0, make_nothing) != 0) *template = '\0';
  return template;
}

FILE *tmpfile(void) {
  char path[] = "/tmp/tmpfile_XXXXXX";
  int fd = mkostemp(path, O_CLOEXEC);
  if (fd < 0) return NULL;
  unlink(path);
  FILE *file = fdopen(fd, "w+");
  if (file == NULL) close(fd);
  return file;
}
