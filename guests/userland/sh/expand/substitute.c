#include "sh/expand/substitute.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "sh/jobs/job.h"
#include "sh/output.h"
#include "sh/run/launch.h"
#include "sh/run/redirect.h"
#include "sh/run/run.h"
#include "sh/shell.h"
#include "sh/signals/trap.h"
#include "sh/vars/variable.h"

static void read_to_end(int fd, struct text *text) {
  char buffer[4096];
  for (;;) {
    ssize_t count = read(fd, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR && !trap_was_interrupted()) continue;
    if (count <= 0) return;
    for (ssize_t i = 0; i < count; i += 1) {
      if (buffer[i] != '\0') text_char(text, buffer[i]);
    }
  }
}

static bool in_processes(const struct node *body, struct text *text) {
  int fds[2];
  if (own_pipe(fds) < 0) {
    shell_error("cannot create a pipe: %s", strerror(errno));
    return false;
  }
  struct launch launch = {.in = -1, .out = fds[1], .job = job_new(NULL), .hidden = true};
  bool launched = launch_node(body, &launch);
  close(fds[1]);
  if (launched) read_to_end(fds[0], text);
  close(fds[0]);
  if (launched) shell.status = job_wait_hidden(launch.job);
  else job_forget(launch.job);
  return launched;
}

// An error there ends the substitution alone; an interrupt is for the shell.
static void end_inside(void) {
  if (trap_was_interrupted()) return;
  shell.control = CONTROL_NONE;
  shell.control_count = 0;
}

static bool in_shell(const struct node *body, struct text *text, bool moves) {
  int loops = shell.loop_depth, line = shell.line;
  int directory = moves ? open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
  struct text *outer = output_capture(text);
  shell.loop_depth = 0;
  scope_push(SCOPE_SNAPSHOT);
  shell.status = run_node(body, false);
  end_inside();
  scope_pop();
  shell.loop_depth = loops;
  shell.line = line;
  output_capture(outer);
  if (directory >= 0) {
    if (fchdir(directory) < 0) shell_error("cannot go back: %s", strerror(errno));
    close(directory);
  }
  return !shell_stopped();
}

bool shell_substitute(const struct node *body, struct text *text) {
  size_t before = text->length;
  bool moves = false;
  bool done = true;
  int outer_status = shell.status;
  int conditions = shell.condition_depth;
  // set -e holds inside even where the command around it is a condition.
  shell.condition_depth = 0;
  if (body == NULL) shell.status = 0;
  else done = is_pure(body, &moves) ? in_shell(body, text, moves) : in_processes(body, text);
  shell.condition_depth = conditions;
  while (text->length > before && text->data[text->length - 1] == '\n') text->length -= 1;
  shell.substitution_status = shell.status;
  if (done) shell.status = outer_status;
  return done;
}
