#include "sh/run/here.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "lib/transfer.h"
#include "sh/jobs/job.h"
#include "sh/memory/text.h"
#include "sh/run/redirect.h"
#include "sh/run/subshell.h"
#include "sh/shell.h"

enum { SHORT = 4096 };  // bytes that every pipe takes without a reader: POSIX's PIPE_BUF and ours

// A long text is written by a process of its own, as the reader may come only later.
static bool write_elsewhere(int fd, const char *text) {
  struct text script = {NULL, 0, 0, NULL};
  text_string(&script, "printf %s ");
  text_quoted(&script, text);
  struct launch launch = {.in = -1, .out = fd, .job = job_new(NULL), .hidden = true};
  bool done = launch_script(&launch, text_end(&script), script.length);
  text_free(&script);
  job_forget(launch.job);
  return done;
}

int here_document(const char *text) {
  int fds[2];
  size_t length = strlen(text);
  if (own_pipe(fds) < 0) {
    shell_warn("cannot create a pipe: %s", strerror(errno));
    return -1;
  }
  bool done = length <= SHORT ? write_all(fds[1], text, length) : write_elsewhere(fds[1], text);
  close(fds[1]);
  if (done) return fds[0];
  close(fds[0]);
  return -1;
}
