#include "sh/line/history.h"

#include <stdlib.h>
#include <string.h>

#include "sh/memory/arena.h"

enum { MOST_LINES = 500 };

static char *lines[MOST_LINES];
static int count;

int history_count(void) { return count; }

const char *history_line(int index) { return lines[index]; }

void history_add(const char *line) {
  if (line[strspn(line, " \t")] == '\0') return;
  if (count > 0 && strcmp(lines[count - 1], line) == 0) return;
  if (count == MOST_LINES) {
    free(lines[0]);
    memmove(lines, lines + 1, (MOST_LINES - 1) * sizeof *lines);
    count -= 1;
  }
  lines[count++] = shell_copy(line);
}

void history_forget(void) {
  while (count > 0) free(lines[--count]);
}
