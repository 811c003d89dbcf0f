// Two processes and a pipe each way: both-ways through|stuck. With `through` the parent gives its child much
// more than the pipes hold, and takes back what comes meanwhile. With `stuck` both write before they read,
// and so wait for each other until somebody ends them.
#include <fcntl.h>
#include <poll.h>

#include "../child.h"

enum { TOTAL = 1 << 20, PIECE = 4096 };

static char piece[PIECE];

static void put_all(int fd, int bytes) {
  for (int at = 0; at < bytes;) {
    ssize_t count = write(fd, piece, PIECE);
    CHECK(count > 0, 1);
    at += (int)count;
  }
}

static int copy(void) {
  for (;;) {
    ssize_t count = read(0, piece, PIECE);
    if (count <= 0) return count == 0 ? 0 : 1;
    for (ssize_t at = 0; at < count;) at += write(1, piece + at, (size_t)(count - at));
  }
}

static pid_t other_end(const char *part, int *to, int *from) {
  int there[2];
  int back[2];
  CHECK(pipe2(there, O_CLOEXEC), 0);
  CHECK(pipe2(back, O_CLOEXEC), 0);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, there[0], 0);
  posix_spawn_file_actions_adddup2(&actions, back[1], 1);
  pid_t pid = child_with(&actions, NULL, part, NULL);
  posix_spawn_file_actions_destroy(&actions);
  close(there[0]);
  close(back[1]);
  *to = there[1];
  *from = back[0];
  return pid;
}

static void through(void) {
  int to = -1;
  int from = -1;
  pid_t pid = other_end("copy", &to, &from);
  CHECK(fcntl(to, F_SETFL, O_NONBLOCK), 0);
  int given = 0;
  int taken = 0;
  while (taken < TOTAL) {
    struct pollfd ends[] = {{from, POLLIN, 0}, {to, given < TOTAL ? POLLOUT : 0, 0}};
    CHECK(poll(ends, given < TOTAL ? 2 : 1, -1) > 0, 1);
    if (given < TOTAL && (ends[1].revents & POLLOUT) != 0) {
      ssize_t count = write(to, piece, PIECE);
      if (count < 0) CHECK(errno, EAGAIN);
      else given += (int)count;
      if (given == TOTAL) close(to);
    }
    if ((ends[0].revents & (POLLIN | POLLHUP)) == 0) continue;
    ssize_t count = read(from, piece, PIECE);
    CHECK(count > 0, 1);
    taken += (int)count;
  }
  CHECK(exit_of(pid), 0);
  holds("both ways");
}

static void stuck(void) {
  int to = -1;
  int from = -1;
  other_end("put", &to, &from);
  holds("stuck");
  fflush(stdout);
  put_all(to, TOTAL);
}

int main(int argc, char **argv) {
  const char *part = argc > 1 ? argv[1] : "";
  if (strcmp(part, "copy") == 0) return copy();
  if (strcmp(part, "put") == 0) put_all(1, TOTAL);
  if (strcmp(part, "through") == 0) through();
  if (strcmp(part, "stuck") == 0) stuck();
  return 0;
}
