// tail: the last lines or bytes of files, and what they grow by.
#ifndef TEXT_TAIL_H
#define TEXT_TAIL_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct tail {
  int64_t count;
  bool bytes;
  bool from_start;  // +N: from the Nth on
  char delimiter;
  bool follow;
  bool by_name;  // -F: the name is opened again when another file stands there
  double pause;
  bool titles;
};

// A file that is followed; `fd` is -1 while there is none by that name.
struct followed {
  const char *name;
  int fd;
  off_t position;
  ino_t inode;
  dev_t device;
};

// Prints the end of what `fd` is. False after an error, which was said.
bool tail_print(const struct tail *how, int fd, const char *name);
// Prints what the files grow by; ends when none of them can.
void tail_follow(const struct tail *how, struct followed *files, int count, int last);

#endif
