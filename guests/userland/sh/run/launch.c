#include "sh/run/launch.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/transfer.h"
#include "sh/expand/expand.h"
#include "sh/jobs/job.h"
#include "sh/output.h"
#include "sh/run/command.h"
#include "sh/run/redirect.h"
#include "sh/run/spawn.h"
#include "sh/run/subshell.h"
#include "sh/shell.h"
#include "sh/vars/variable.h"

enum { SHORT = 4096 };  // bytes that every pipe takes without a reader

// Expanding it here, in place of the process, is seen by nobody.
static bool may_expand_here(const struct node *node) {
  if (node->words == NULL) return false;
  for (const struct word *word = node->words; word != NULL; word = word->next) {
    if (!expansion_is_pure(word->parts, false)) return false;
  }
  for (const struct assignment *a = node->assignments; a != NULL; a = a->next) {
    if (!expansion_is_pure(a->value, false)) return false;
  }
  for (const struct redirect *redirect = node->redirects; redirect != NULL; redirect = redirect->next) {
    if (!expansion_is_pure(redirect->target, false)) return false;
  }
  return true;
}

// Opening a FIFO waits for its other end: the shell must not.
static bool may_open_here(const struct node *node) {
  for (const struct redirect *redirect = node->redirects; redirect != NULL; redirect = redirect->next) {
    if (redirect->kind == REDIRECT_DUP_IN || redirect->kind == REDIRECT_DUP_OUT) continue;
    if (redirect->kind == REDIRECT_HERE) continue;
    struct stat status;
    const char *path = expand_text(redirect->target);
    if (path == NULL || (stat(path, &status) == 0 && S_ISFIFO(status.st_mode))) return false;
  }
  return true;
}

// What a stage of a pipeline prints, if that is little and all that it does: no process is needed.
static bool print_here(const struct command *command, struct launch *launch) {
  if (launch->out < 0 || command->node->redirects != NULL) return false;
  struct text text = {NULL, 0, 0, NULL};
  struct text *outer = output_capture(&text);
  int status = command->builtin->run(command->argc, command->argv);
  output_capture(outer);
  bool done = text.length <= SHORT && write_all(launch->out, text.data, text.length);
  text_free(&text);
  if (done) job_add_status(launch->job, status);
  return done;
}

static bool launch_tool(const struct command *command, const struct fd_plan *plan, struct launch *launch) {
  struct spawn spawn = {SELF, command->argv, variables_environment(), plan, -1};
  return spawn_command(&spawn, launch);
}

static void launch_expanded(struct command *command, struct launch *launch) {
  const struct node *node = command->node;
  struct fd_plan plan;
  if (node->assignments != NULL) scope_push(SCOPE_COMMAND);
  bool launched = assign_all(node, true) && plan_redirects(node->redirects, &plan);
  if (!launched) shell.status = 2;
  if (launched) {
    launched = command->builtin != NULL ? print_here(command, launch) || launch_tool(command, &plan, launch)
                                        : launch_command(command, &plan, launch);
    plan_close(&plan);
  }
  if (node->assignments != NULL) scope_pop();
  if (!launched) job_add_status(launch->job, shell.status);
}

// A program, or a builtin that is a program too. False: it needs a subshell.
static bool launch_simple(const struct node *node, struct launch *launch) {
  if (!may_expand_here(node)) return false;
  struct fields fields = {0};
  bool expanded = expand_command(node, &fields);
  if (!expanded) job_add_status(launch->job, 2);
  if (!expanded || fields.count == 0 || strcmp(fields.items[0], "command") == 0) return !expanded;
  struct command command = {.node = node, .argc = (int)fields.count, .argv = fields.items};
  command_resolve(&command);
  bool tool = command.builtin != NULL && (command.builtin->flags & BUILTIN_TOOL) != 0;
  if (command.function != NULL || (command.builtin != NULL && !tool)) return false;
  if (shell.options[OPTION_TRACE] || !may_open_here(node)) return false;
  launch_expanded(&command, launch);
  return true;
}

// An error in a process of its own ends that process alone.
static bool launch_one(const struct node *node, struct launch *launch) {
  struct mark mark = arena_mark(&scratch);
  bool launched = node->kind == NODE_SIMPLE && launch_simple(node, launch);
  if (launched && shell_stopped() && !launch->refused) shell.control = CONTROL_NONE;
  if (!launched) launched = launch_subshell(node, launch);
  launched = launched && !launch->refused;
  arena_release(&scratch, mark);
  return launched;
}

static bool launch_pipeline(const struct node *node, struct launch *launch) {
  int in = launch->in;
  bool launched = true;
  for (const struct node *stage = node->first; stage != NULL && launched; stage = stage->next) {
    int fds[2] = {-1, -1};
    if (stage->next != NULL && own_pipe(fds) < 0) {
      shell_error("cannot create a pipe: %s", strerror(errno));
      launched = false;
      break;
    }
    struct launch one = *launch;
    one.in = in;
    one.out = stage->next == NULL ? launch->out : fds[1];
    launched = launch_node(stage, &one);
    if (in != launch->in) close(in);
    if (fds[1] >= 0) close(fds[1]);
    in = fds[0];
  }
  if (in != launch->in && in >= 0) close(in);
  return launched;
}

bool launch_node(const struct node *node, struct launch *launch) {
  shell.line = node->line;
  while ((node->kind == NODE_SUBSHELL || node->kind == NODE_GROUP) && node->redirects == NULL) node = node->first;
  if (node->kind == NODE_PIPELINE) return launch_pipeline(node, launch);
  return launch_one(node, launch);
}

int launch_foreground(const struct node *node) {
  struct launch launch = {.in = -1, .out = -1, .job = job_new(node)};
  job_in_foreground(launch.job);
  if (launch_node(node, &launch)) return job_wait_foreground(launch.job);
  job_forget(launch.job);
  return shell.status;
}

int launch_background(const struct node *node) {
  struct launch launch = {.in = -1, .out = -1, .job = job_new(NULL), .background = true};
  if (!launch_node(node, &launch)) {
    job_forget(launch.job);
    return shell.status;
  }
  job_publish(launch.job, node);
  return 0;
}
