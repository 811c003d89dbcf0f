// Lines of any length from a descriptor, read in large pieces and handed out in place.
#ifndef LIB_LINES_H
#define LIB_LINES_H

#include <stdbool.h>
#include <stddef.h>

struct line {
  // Valid until the next line is read; there is a NUL behind it, where the delimiter was.
  char *text;
  size_t length;
  // Whether a delimiter ended it; the last line may have none.
  bool ended;
};

struct lines {
  int fd;
  const char *name;
  char delimiter;
  // An error was met and said.
  bool failed;
  bool at_end;
  char *buffer;
  size_t size;
  size_t start;
  size_t end;
};

// `-` is standard input. False, and the reason said, when it cannot be opened.
bool lines_open(struct lines *lines, const char *name, char delimiter);
void lines_from(struct lines *lines, int fd, const char *name, char delimiter);
bool lines_next(struct lines *lines, struct line *line);
// Reads more behind what is there. False at the end and after an error.
bool lines_fill(struct lines *lines);
// Whether nothing is left. Reads to find out.
bool lines_over(struct lines *lines);
// Takes a file's position back to what was handed out, so that the next reader goes on there.
void lines_give_back(struct lines *lines);
// True when no error was met.
bool lines_close(struct lines *lines);

// Opens `name` for reading (`-` is standard input). -1, and the reason said, when it cannot be.
int input_open(const char *name);
// As read(2), but not interrupted; the reason is said. Standard output is flushed if it is a terminal.
ptrdiff_t input_read(int fd, const char *name, void *data, size_t size);
// Closes what input_open opened; standard input stays.
void input_close(int fd);

#endif
