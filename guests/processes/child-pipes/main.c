// Pipes between processes.
#include <fcntl.h>
#include <signal.h>

#include "../child.h"

#define BYTES 1000000

/// A write of more than PIPE_BUF may be short.
static int write_all(const char *bytes, size_t length) {
  while (length > 0) {
    ssize_t count = write(1, bytes, length);
    if (count < 0) return -1;
    bytes += count;
    length -= (size_t)count;
  }
  return 0;
}

static int copy(void) {
  char block[1000];
  for (;;) {
    ssize_t count = read(0, block, sizeof block);
    if (count <= 0) return count == 0 ? 0 : 1;
    for (ssize_t at = 0; at < count; at += 1) block[at] ^= 0x20;
    if (write_all(block, (size_t)count) != 0) return 2;
  }
}

static int produce(void) {
  static char block[5000];
  for (int left = BYTES; left > 0; left -= (int)sizeof block) {
    memset(block, 'a' + left / (int)sizeof block % 26, sizeof block);
    if (write_all(block, sizeof block) != 0) return 1;
  }
  return 0;
}

static pid_t between(int in, int out, const char *part) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  if (in >= 0) posix_spawn_file_actions_adddup2(&actions, in, 0);
  posix_spawn_file_actions_adddup2(&actions, out, 1);
  pid_t pid = child_with(&actions, NULL, part, NULL);
  posix_spawn_file_actions_destroy(&actions);
  return pid;
}

static void pipeline(void) {
  int first[2], second[2];
  CHECK(pipe2(first, O_CLOEXEC), 0);
  CHECK(pipe2(second, O_CLOEXEC), 0);
  pid_t producer = between(-1, first[1], "produce");
  pid_t copier = between(first[0], second[1], "copy");
  close(first[0]);
  close(first[1]);
  close(second[1]);
  int total = 0;
  char block[3000];
  for (;;) {
    ssize_t count = read(second[0], block, sizeof block);
    CHECK(count >= 0, 1);
    if (count == 0) break;
    for (ssize_t at = 0; at < count; at += 1) {
      CHECK(block[at], 'A' + (BYTES - (total + (int)at) / 5000 * 5000) / 5000 % 26);
    }
    total += (int)count;
  }
  CHECK(total, BYTES);
  CHECK(exit_of(producer), 0);
  CHECK(exit_of(copier), 0);
  close(second[0]);
  holds("a pipeline");
}

static void broken(void) {
  int ends[2];
  CHECK(pipe2(ends, O_CLOEXEC), 0);
  pid_t pid = between(-1, ends[1], "produce");
  close(ends[1]);
  close(ends[0]);
  int status = status_of(pid);
  CHECK(WIFSIGNALED(status), 1);
  CHECK(WTERMSIG(status), SIGPIPE);
  holds("a reader that is gone");
}

int main(int argc, char **argv) {
  const char *part = argc > 1 ? argv[1] : "";
  if (strcmp(part, "copy") == 0) return copy();
  if (strcmp(part, "produce") == 0) return produce();
  be_runnable();
  pipeline();
  broken();
  return 0;
}
