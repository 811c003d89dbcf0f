#include "transfer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "memory.h"
#include "message.h"

ssize_t read_some(int from, void *bytes, size_t room) {
  ssize_t count;
  do count = read(from, bytes, room);
  while (count < 0 && errno == EINTR);
  return count;
}

ssize_t read_full(int from, void *bytes, size_t room) {
  size_t filled = 0;
  while (filled < room) {
    ssize_t count = read_some(from, (char *)bytes + filled, room - filled);
    if (count < 0) return -1;
    if (count == 0) break;
    filled += (size_t)count;
  }
  return (ssize_t)filled;
}

bool write_all(int to, const void *bytes, size_t length) {
  const char *next = bytes;
  while (length > 0) {
    ssize_t count = write(to, next, length);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    next += count;
    length -= (size_t)count;
  }
  return true;
}

enum transfer transfer_all(int from, int to) {
  char *bytes = must_alloc(TRANSFER_SIZE);
  enum transfer result = TRANSFER_DONE;
  for (;;) {
    ssize_t count = read_some(from, bytes, TRANSFER_SIZE);
    if (count == 0) break;
    if (count < 0) result = TRANSFER_READ_FAILED;
    else if (!write_all(to, bytes, (size_t)count)) result = TRANSFER_WRITE_FAILED;
    if (result != TRANSFER_DONE) break;
  }
  int error = errno;
  free(bytes);
  errno = error;
  return result;
}

int finish_output(int status) {
  bool failed = ferror(stdout) != 0;
  errno = 0;
  if (fflush(stdout) == 0 && !failed) return status;
  if (errno != 0) message_errno("write error");
  else message("write error");
  return status == 0 ? 1 : status;
}
