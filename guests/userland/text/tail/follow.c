#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/lines.h"
#include "lib/memory.h"
#include "lib/message.h"
#include "lib/writer.h"
#include "text/old-count.h"
#include "text/tail/tail.h"

#define PIECE 65536

static void pause_for(double seconds) {
  struct timespec time = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};
  while (nanosleep(&time, &time) != 0 && errno == EINTR) continue;
}

// Opens the name again when another file stands there now, or the first one.
static void look_again(struct followed *file) {
  struct stat status;
  if (stat(file->name, &status) != 0) {
    if (file->fd >= 0) message("'%s' has become inaccessible", file->name);
    if (file->fd > 0) close(file->fd);
    file->fd = -1;
    return;
  }
  if (file->fd >= 0 && status.st_ino == file->inode && status.st_dev == file->device) return;
  int fd = open(file->name, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  message("'%s' has %s; following new file", file->name, file->fd < 0 ? "appeared" : "been replaced");
  if (file->fd > 0) close(file->fd);
  *file = (struct followed){file->name, fd, 0, status.st_ino, status.st_dev};
}

static void start_over_when_cut(struct followed *file) {
  struct stat status;
  if (fstat(file->fd, &status) != 0 || !S_ISREG(status.st_mode)) return;
  if (status.st_size >= file->position) return;
  message("%s: file truncated", file->name);
  file->position = lseek(file->fd, 0, SEEK_SET);
}

// Prints what there is more; whether there was.
static bool print_growth(const struct tail *how, struct followed *file, bool is_last, char *piece) {
  bool some = false;
  ptrdiff_t count;
  start_over_when_cut(file);
  while ((count = input_read(file->fd, file->name, piece, PIECE)) > 0) {
    if (!some && !is_last && how->titles) title_print(file->name, false);
    some = true;
    file->position += count;
    writer_put(&out, piece, (size_t)count);
  }
  if (count < 0) {
    if (file->fd > 0) close(file->fd);
    file->fd = -1;
  }
  return some;
}

void tail_follow(const struct tail *how, struct followed *files, int count, int last) {
  char *piece = must_alloc(PIECE);
  for (;;) {
    bool some = false;
    for (int index = 0; index < count; index += 1) {
      if (how->by_name) look_again(&files[index]);
      if (files[index].fd < 0) continue;
      some = true;
      if (print_growth(how, &files[index], last == index, piece)) last = index;
    }
    if (!some && !how->by_name) break;
    writer_flush(&out);
    pause_for(how->pause);
  }
  free(piece);
}
