// Copies of descriptors, and a pipe with both ends in one process.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "../check.h"

static void copies(void) {
  // Nothing stands where a shell puts files: 3 is free.
  int fd = open("/file", O_CREAT | O_RDWR, 0644);
  CHECK(fd, 3);
  CHECK(dup(fd), 4);
  CHECK(dup2(fd, 9), 9);
  CHECK(fcntl(fd, F_DUPFD, 9), 10);
  CHECK(fcntl(fd, F_DUPFD_CLOEXEC, 20), 20);
  CHECK(fcntl(20, F_GETFD), FD_CLOEXEC);
  CHECK(fcntl(10, F_GETFD), 0);
  CHECK(fcntl(10, F_SETFD, FD_CLOEXEC), 0);
  CHECK(fcntl(10, F_GETFD), FD_CLOEXEC);
  CHECK(dup2(20, 21), 21);
  CHECK(fcntl(21, F_GETFD), 0);
  CHECK(dup3(20, 22, O_CLOEXEC), 22);
  CHECK(fcntl(22, F_GETFD), FD_CLOEXEC);
  CHECK_FAILS(dup3(20, 20, 0), EINVAL);
  CHECK(dup2(20, 20), 20);
  CHECK_FAILS(dup2(99, 5), EBADF);
  CHECK_FAILS(dup2(3, 100000), EBADF);
  // One open file: one position.
  CHECK(write(9, "abc", 3), 3);
  CHECK(lseek(4, 0, SEEK_CUR), 3);
  CHECK(close(fd), 0);
  CHECK(open("/file", O_RDONLY | O_CLOEXEC), 3);
  CHECK(fcntl(3, F_GETFD), FD_CLOEXEC);
  CHECK(fcntl(3, F_GETFL) & O_ACCMODE, O_RDONLY);
  holds("copies");
}

static void pipes(void) {
  int ends[2];
  char text[8] = "";
  int waiting;
  CHECK(pipe2(ends, O_NONBLOCK | O_CLOEXEC), 0);
  CHECK(fcntl(ends[0], F_GETFD), FD_CLOEXEC);
  CHECK_FAILS(read(ends[0], text, 4), EAGAIN);
  CHECK(write(ends[1], "hello", 5), 5);
  CHECK(ioctl(ends[0], FIONREAD, &waiting), 0);
  CHECK(waiting, 5);
  struct pollfd watched = {.fd = ends[0], .events = POLLIN};
  CHECK(poll(&watched, 1, 0), 1);
  CHECK(read(ends[0], text, sizeof text), 5);
  CHECK_TEXT(text, "hello");
  long long filled = 0;
  static char block[4096];
  while (write(ends[1], block, sizeof block) == sizeof block) filled += sizeof block;
  CHECK(errno, EAGAIN);
  // What Linux has, or more.
  CHECK(filled >= 65536, 1);
  CHECK(close(ends[1]), 0);
  while (filled > 0) filled -= read(ends[0], block, sizeof block);
  CHECK(read(ends[0], block, sizeof block), 0);
  CHECK(close(ends[0]), 0);
  holds("pipes");
}

static void broken(void) {
  int ends[2];
  CHECK(signal(SIGPIPE, SIG_IGN) == SIG_DFL, 1);
  CHECK(pipe(ends), 0);
  CHECK(close(ends[0]), 0);
  CHECK_FAILS(write(ends[1], "x", 1), EPIPE);
  CHECK(close(ends[1]), 0);
  CHECK_FAILS(lseek(ends[1], 0, SEEK_SET), EBADF);
  holds("a broken pipe");
}

static void streams(void) {
  char name[] = "/mk_XXXXXX";
  int fd = mkstemp(name);
  CHECK(fd >= 0, 1);
  FILE *file = fdopen(fd, "w");
  CHECK(file != NULL, 1);
  CHECK(fprintf(file, "%d", 42), 2);
  CHECK(fclose(file), 0);
  CHECK(access(name, R_OK), 0);
  char directory[] = "/dir_XXXXXX";
  CHECK_TEXT(mkdtemp(directory), directory);
  CHECK(rmdir(directory), 0);
  holds("new names");
}

int main(void) {
  copies();
  pipes();
  broken();
  streams();
  return 0;
}
