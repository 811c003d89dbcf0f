// . FILE: runs it in this shell. Without a slash it is searched in PATH, and then here.
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "sh/builtin/builtins.h"
#include "sh/run/find.h"
#include "sh/run/redirect.h"
#include "sh/run/run.h"
#include "sh/shell.h"
#include "sh/vars/variable.h"

static int open_script(const char *name) {
  const char *path = name;
  if (strchr(name, '/') == NULL) {
    const char *list = variable_value("PATH");
    path = list == NULL ? NULL : find_in_path(name, list, false);
    if (path == NULL) return -1;
  }
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  return fd < 0 ? -1 : move_fd_up(fd);
}

int dot_main(int argc, char **argv) {
  int first = argc > 1 && strcmp(argv[1], "--") == 0 ? 2 : 1;
  if (argc <= first) {
    shell_error(".: filename argument required");
    return 2;
  }
  int fd = open_script(argv[first]);
  if (fd < 0) {
    shell_error(".: cannot open %s: %s", argv[first], strerror(errno));
    return 2;
  }
  if (!run_deeper()) {
    close(fd);
    return 2;
  }
  int line = shell.line, loops = shell.loop_depth;
  shell.loop_depth = 0;
  int status = run_file(fd);
  shell.loop_depth = loops;
  shell.line = line;
  run_shallower();
  if (shell.control != CONTROL_RETURN) return status;
  shell.control = CONTROL_NONE;
  return shell.status;
}
