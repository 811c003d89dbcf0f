#include "targets.h"

#include <stdlib.h>

#include "message.h"
#include "path.h"

static int place_in(char **sources, int count, const char *directory, place place) {
  if (!is_directory(directory)) {
    message("target '%s' is not a directory", directory);
    return 1;
  }
  int status = 0;
  for (int index = 0; index < count; index += 1) {
    char *name = base_name(sources[index]);
    // cp -r .. d copies what is in it.
    char *to = is_dot_or_dot_dot(name) ? join_path(directory, ".") : join_path(directory, name);
    if (!place(sources[index], to)) status = 1;
    free(name);
    free(to);
  }
  return status;
}

int place_all(char **operands, int count, const struct targets *targets, const struct options *options, place place) {
  if (count == 0) return usage_error(options, "missing file operand");
  if (targets->directory != NULL) return place_in(operands, count, targets->directory, place);
  if (count == 1) return usage_error(options, "missing destination file operand");
  const char *last = operands[count - 1];
  if (targets->not_directory && count > 2) return usage_error(options, "extra operand");
  if (!targets->not_directory && (count > 2 || is_directory(last))) return place_in(operands, count - 1, last, place);
  return place(operands[0], last) ? 0 : 1;
}
