// Simple commands: assignments, redirections, and who the name is: a special builtin, a function, a builtin, a
// program.
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "sh/builtin/builtins.h"
#include "sh/expand/expand.h"
#include "sh/jobs/job.h"
#include "sh/output.h"
#include "sh/run/command.h"
#include "sh/run/find.h"
#include "sh/run/redirect.h"
#include "sh/run/run.h"
#include "sh/run/spawn.h"
#include "sh/run/trace.h"
#include "sh/shell.h"
#include "sh/signals/trap.h"
#include "sh/vars/function.h"
#include "sh/vars/variable.h"

bool assign_all(const struct node *node, bool for_command) {
  for (const struct assignment *a = node->assignments; a != NULL; a = a->next) {
    char *value = expand_assignment(a->value);
    if (value == NULL) return false;
    if (for_command) scope_keep(a->name, SCOPE_COMMAND);
    if (!variable_set(a->name, value)) return false;
    if (for_command) variable_export(a->name, true);
    trace_assignment(a->name, value);
  }
  return true;
}

// Which words are expanded as assignments depends on the name as it is written.
static bool is_declaration(const struct word *words) {
  const char *plain = words == NULL ? NULL : plain_text(words->parts);
  if (plain != NULL && strcmp(plain, "command") == 0) return is_declaration(words->next);
  const struct builtin *builtin = plain == NULL ? NULL : builtin_find(plain);
  return builtin != NULL && (builtin->flags & BUILTIN_DECLARES) != 0;
}

bool expand_command(const struct node *node, struct fields *fields) {
  return is_declaration(node->words) ? expand_declaration(node->words, fields) : expand_words(node->words, fields);
}

void command_resolve(struct command *command) {
  const char *name = command->argv[0];
  command->builtin = builtin_find(name);
  command->special = command->builtin != NULL && (command->builtin->flags & BUILTIN_SPECIAL) != 0 && !command->plain;
  command->function = command->plain || command->special ? NULL : function_find(name);
  if (command->function != NULL) command->builtin = NULL;
}

// `command name …` is `name …` without functions, and without what is special about a builtin.
static void strip_command(struct command *command) {
  while (command->argc > 1 && strcmp(command->argv[0], "command") == 0 && function_find("command") == NULL) {
    int skip = 1;
    if (strcmp(command->argv[1], "-p") == 0 && command->argc > 2) skip = 2;
    if (strcmp(command->argv[skip], "--") == 0 && command->argc > skip + 1) skip += 1;
    if (command->argv[skip][0] == '-') return;
    command->standard_path = command->standard_path || strcmp(command->argv[1], "-p") == 0;
    command->plain = true;
    command->argc -= skip;
    command->argv += skip;
  }
}

static const char *path_of(const struct command *command) {
  const char *name = command->argv[0];
  bool searched = command->standard_path && strchr(name, '/') == NULL;
  return searched ? find_in_path(name, STANDARD_PATH, true) : find_command(name);
}

bool launch_command(const struct command *command, const struct fd_plan *plan, struct launch *launch) {
  const char *path = path_of(command);
  struct spawn spawn = {path, command->argv, variables_environment(), plan, -1};
  if (path != NULL) return spawn_command(&spawn, launch);
  shell.status = say_cannot_launch(command->argv[0], errno, plan, launch);
  return false;
}

static int run_external(const struct command *command, struct fd_plan *plan, bool tail) {
  // With traps to run or jobs to watch the shell must stay.
  if (tail && !traps_are_set() && !shell.options[OPTION_MONITOR]) {
    const char *path = path_of(command);
    int error = errno;
    if (!plan_apply(plan, NULL)) return 2;
    if (path == NULL) return say_cannot_run(command->argv[0], error);
    return exec_command(path, command->argv, variables_environment());
  }
  struct launch launch = {.in = -1, .out = -1, .job = job_new(command->node)};
  job_in_foreground(launch.job);
  if (!launch_command(command, plan, &launch)) {
    job_forget(launch.job);
    return shell.status;
  }
  plan_close(plan);
  return job_wait_foreground(launch.job);
}

int run_builtin(const struct builtin *builtin, int argc, char **argv) {
  int status = builtin->run(argc, argv);
  if (output_flush() == 0) return status;
  shell_warn("%s: %s", argv[0], strerror(errno));
  return status == 0 ? 1 : status;
}

// In the shell itself, with redirections that are put back, but for what exec does.
static int run_inside(const struct command *command, struct fd_plan *plan) {
  struct saved saved;
  bool for_good = command->builtin != NULL && command->builtin->run == exec_main && command->argc == 1;
  if (!plan_apply(plan, for_good ? NULL : &saved)) return 2;
  shell.failed = false;
  int status = command->function != NULL ? run_function(command->argv[0], command->argv, command->argc)
                                         : run_builtin(command->builtin, command->argc, command->argv);
  // Behind `command` an error of a special builtin is no end.
  if (command->plain && shell.failed) shell.control = CONTROL_NONE;
  if (!for_good) plan_restore(&saved);
  return status;
}

static int redirect_failed(const struct command *command) {
  if (shell_stopped()) return shell.status;
  if (command->special) shell_exit(2);
  if (command->special && shell.options[OPTION_INTERACTIVE]) shell.control = CONTROL_ABORT;
  return 2;
}

static int run_with_redirects(const struct command *command, bool tail) {
  struct fd_plan plan;
  if (!plan_redirects(command->node->redirects, &plan)) return redirect_failed(command);
  bool inside = command->function != NULL || command->builtin != NULL;
  int status = inside ? run_inside(command, &plan) : run_external(command, &plan, tail);
  plan_close(&plan);
  return status;
}

static int dispatch(const struct node *node, struct fields *fields, bool tail) {
  struct command command = {.node = node, .argc = (int)fields->count, .argv = fields->items};
  strip_command(&command);
  command_resolve(&command);
  // Assignments in front of a special builtin stay.
  bool scoped = node->assignments != NULL && !command.special;
  if (scoped) scope_push(SCOPE_COMMAND);
  int status = assign_all(node, scoped) ? 0 : shell.status;
  trace_command(&command);
  if (!shell_stopped()) status = run_with_redirects(&command, tail);
  if (scoped) scope_pop();
  return status;
}

// Without a name: redirections are tried, and assignments stay.
static int run_nameless(const struct node *node) {
  struct fd_plan plan;
  struct saved saved;
  if (!plan_redirects(node->redirects, &plan) || !plan_apply(&plan, &saved)) {
    return shell_stopped() ? shell.status : 2;
  }
  bool assigned = assign_all(node, false);
  plan_restore(&saved);
  if (!assigned) return shell.status;
  return shell.substitution_status >= 0 ? shell.substitution_status : 0;
}

int run_simple(const struct node *node, bool tail) {
  struct mark mark = arena_mark(&scratch);
  struct fields fields = {0};
  shell.line = node->line;
  shell.substitution_status = -1;
  int status;
  if (!expand_command(node, &fields)) status = shell.status;
  else status = fields.count == 0 ? run_nameless(node) : dispatch(node, &fields, tail);
  arena_release(&scratch, mark);
  return status;
}

int run_function(const char *name, char **fields, int count) {
  const struct function *function = function_find(name);
  if (!run_deeper()) return shell.status;
  struct program *program = program_keep(function->program);
  const struct node *body = function->node->second;
  struct params params = shell_replace_params(fields + 1, count - 1);
  int loops = shell.loop_depth;
  shell.loop_depth = 0;
  shell.function_depth += 1;
  scope_push(SCOPE_LOCAL);
  int status = run_in_program(program, body);
  scope_pop();
  shell.function_depth -= 1;
  shell.loop_depth = loops;
  shell_restore_params(params);
  if (shell.control == CONTROL_RETURN) {
    shell.control = CONTROL_NONE;
    status = shell.status;
  }
  program_drop(program);
  run_shallower();
  return status;
}
