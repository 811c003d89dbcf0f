#include "open-how.h"

#include <bulkhead.h>
#include <fcntl.h>

static const struct {
  int flag;
  uint32_t how;
} flags_of_open[] = {
    {O_WRONLY, BULKHEAD_OPEN_WRITE},        {O_APPEND, BULKHEAD_OPEN_APPEND},
    {O_NONBLOCK, BULKHEAD_OPEN_NONBLOCK},   {O_CREAT, BULKHEAD_OPEN_CREATE},
    {O_EXCL, BULKHEAD_OPEN_EXCLUSIVE},      {O_TRUNC, BULKHEAD_OPEN_TRUNCATE},
    {O_DIRECTORY, BULKHEAD_OPEN_DIRECTORY}, {O_NOFOLLOW, BULKHEAD_OPEN_NOFOLLOW},
    {O_CLOEXEC, BULKHEAD_OPEN_CLOEXEC},
};

uint32_t open_how(int flags) {
  uint32_t how = 0;
  for (size_t at = 0; at < sizeof flags_of_open / sizeof *flags_of_open; at += 1) {
    if ((flags & flags_of_open[at].flag) != 0) how |= flags_of_open[at].how;
  }
  // What only searches or executes is read.
  if ((flags & O_RDONLY) != 0 || (flags & O_WRONLY) == 0) how |= BULKHEAD_OPEN_READ;
  return how;
}
