#include "each-file.h"

bool each_file(char *const *names, char delimiter, each_file_run *run, void *context) {
  static char *const standard[] = {"-", NULL};
  bool good = true;
  for (names = *names == NULL ? standard : names; *names != NULL; names += 1) {
    struct lines input;
    if (!lines_open(&input, *names, delimiter)) {
      good = false;
      continue;
    }
    run(&input, context);
    good = lines_close(&input) && good;
  }
  return good;
}
