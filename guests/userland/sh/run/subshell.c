#include "sh/run/subshell.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "lib/transfer.h"
#include "sh/memory/text.h"
#include "sh/parse/print.h"
#include "sh/run/redirect.h"
#include "sh/run/run.h"
#include "sh/run/spawn.h"
#include "sh/run/state.h"
#include "sh/shell.h"
#include "sh/vars/variable.h"

// The reader may have been killed: that is no reason for the shell to be.
static void write_quietly(int fd, const struct text *text) {
  struct sigaction ignore = {.sa_handler = SIG_IGN}, old;
  sigemptyset(&ignore.sa_mask);
  sigaction(SIGPIPE, &ignore, &old);
  write_all(fd, text->data, text->length);
  sigaction(SIGPIPE, &old, NULL);
}

// The state is written once the process is there to read it: a pipe holds only so much.
static bool launch_with(const struct text *text, struct launch *launch) {
  int fds[2];
  int error = own_pipe(fds) < 0 ? errno : 0;
  if (error == 0) {
    char *argv[] = {(char[]){"sh"}, (char[]){SUBSHELL_OPTION}, NULL};
    struct spawn spawn = {SELF, argv, variables_environment(), NULL, fds[0]};
    error = spawn_process(&spawn, launch);
    close(fds[0]);
    if (error == 0) write_quietly(fds[1], text);
    close(fds[1]);
  }
  if (error != 0) say_cannot_fork();
  return error == 0;
}

bool launch_subshell(const struct node *node, struct launch *launch) {
  struct text body = {NULL, 0, 0, NULL};
  struct text text = {NULL, 0, 0, NULL};
  print_as_body(&body, node);
  state_write(&text);
  text_bytes(&text, body.data, body.length);
  bool launched = launch_with(&text, launch);
  text_free(&text);
  text_free(&body);
  return launched;
}

bool launch_script(struct launch *launch, const char *script, size_t length) {
  struct text text = {NULL, 0, 0, NULL};
  state_write_empty(&text);
  text_bytes(&text, script, length);
  bool launched = launch_with(&text, launch);
  text_free(&text);
  return launched;
}

int subshell_main(void) {
  struct text text = {NULL, 0, 0, NULL};
  char buffer[4096];
  for (;;) {
    ssize_t count = read(STATE_FD, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    text_bytes(&text, buffer, (size_t)count);
  }
  close(STATE_FD);
  const char *body = state_read(text_end(&text));
  // Whoever spawned this was killed before it could say what to run.
  if (body == NULL) return 2;
  shell.subshell = true;
  int status = run_text(body, true, true);
  text_free(&text);
  return shell_stopped() ? shell.status : status;
}
