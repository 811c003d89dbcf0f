// One operation on files, or one look at the clock, COUNT times: syscalls OPERATION COUNT DIRECTORY.
// Expects `file` of 64 KiB in that directory and may write `out` there. Fails with 1 at the first call
// that does not do what it should.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define BLOCK 4096
#define BYTES 65536

static char block[BLOCK];
static char present[64], missing[64], out[64];

static int open_close(int file, int i) {
  (void)file;
  (void)i;
  int opened = open(present, O_RDONLY);
  return opened >= 0 && close(opened) == 0;
}

static int read_block(int file, int i) {
  return pread(file, block, BLOCK, i * BLOCK % BYTES) == BLOCK;
}

static int seek_read(int file, int i) {
  off_t at = i * 64 % BYTES;
  return lseek(file, at, SEEK_SET) == at && read(file, block, 64) == 64;
}

static int write_block(int file, int i) {
  return pwrite(file, block, BLOCK, i * BLOCK % BYTES) == BLOCK;
}

static int stat_file(int file, int i) {
  struct stat found;
  (void)file;
  (void)i;
  return stat(present, &found) == 0 && found.st_size == BYTES;
}

static int stat_missing(int file, int i) {
  struct stat found;
  (void)file;
  (void)i;
  return stat(missing, &found) < 0 && errno == ENOENT;
}

static int look_at_clock(int file, int i) {
  struct timespec now;
  (void)file;
  (void)i;
  return clock_gettime(CLOCK_MONOTONIC, &now) == 0;
}

static const struct {
  const char *name;
  int (*run)(int file, int i);
  const char *path;
  int flags;
} OPERATIONS[] = {
    {"open", open_close, present, O_RDONLY},      {"pread", read_block, present, O_RDONLY},
    {"seek", seek_read, present, O_RDONLY},       {"pwrite", write_block, out, O_WRONLY | O_CREAT},
    {"stat", stat_file, present, O_RDONLY},       {"missing", stat_missing, present, O_RDONLY},
    {"clock", look_at_clock, present, O_RDONLY},
};

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  int count = atoi(argv[2]);
  snprintf(present, sizeof present, "%s/file", argv[3]);
  snprintf(missing, sizeof missing, "%s/missing", argv[3]);
  snprintf(out, sizeof out, "%s/out", argv[3]);
  for (size_t row = 0; row < sizeof OPERATIONS / sizeof *OPERATIONS; row++) {
    if (strcmp(OPERATIONS[row].name, argv[1]) != 0) continue;
    int file = open(OPERATIONS[row].path, OPERATIONS[row].flags, 0600);
    if (file < 0) return 1;
    for (int i = 0; i < count; i++) {
      if (!OPERATIONS[row].run(file, i)) return 1;
    }
    return 0;
  }
  return 2;
}
