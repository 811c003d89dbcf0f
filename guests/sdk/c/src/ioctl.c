#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wasi/api.h>

#include "answer.h"

/// How much can be read without waiting.
static int readable(int fd, int *count) {
  __wasi_subscription_t wanted[2] = {
      {.u = {.tag = __WASI_EVENTTYPE_FD_READ, .u.fd_read.file_descriptor = fd}},
      {.u = {.tag = __WASI_EVENTTYPE_CLOCK, .u.clock.id = __WASI_CLOCKID_MONOTONIC}},
  };
  __wasi_event_t events[2];
  size_t found;
  if (answered(__wasi_poll_oneoff(wanted, events, 2, &found)) != 0) return -1;
  *count = 0;
  for (size_t at = 0; at < found; at += 1) {
    if (events[at].type == __WASI_EVENTTYPE_FD_READ) *count = (int)events[at].fd_readwrite.nbytes;
  }
  return 0;
}

static int set_nonblock(int fd, int on) {
  int flags = fcntl(fd, F_GETFL);
  if (flags < 0) return -1;
  return fcntl(fd, F_SETFL, on ? flags | O_NONBLOCK : flags & ~O_NONBLOCK);
}

int ioctl(int fd, int request, ...) {
  va_list more;
  va_start(more, request);
  void *argument = va_arg(more, void *);
  va_end(more);
  switch (request) {
    case TIOCGWINSZ:
      return answered(bulkhead_tty_window_get(fd, argument));
    case TIOCSWINSZ:
      return answered(bulkhead_tty_window_set(fd, argument));
    case TIOCGPGRP:
      return answered(bulkhead_tty_group_get(fd, argument));
    case TIOCSPGRP:
      return answered(bulkhead_tty_group_set(fd, *(const int32_t *)argument));
    case FIONREAD:
      return readable(fd, argument);
    case FIONBIO:
      return set_nonblock(fd, *(const int *)argument);
    default:
      return answered(ENOTTY);
  }
}
