// Walks the tree: lists, conditions, loops.
#include "sh/run/run.h"

#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "sh/expand/expand.h"
#include "sh/parse/parser.h"
#include "sh/run/launch.h"
#include "sh/run/redirect.h"
#include "sh/shell.h"
#include "sh/signals/trap.h"
#include "sh/vars/function.h"
#include "sh/vars/variable.h"

static struct program *running;

struct program *running_program(void) { return running; }

static bool stack_is_low(void) {
  char here = 0;
  ptrdiff_t used = shell.stack - &here;
  return used > EVALUATION_STACK || used < -EVALUATION_STACK;
}

bool run_deeper(void) {
  if (shell.evaluation_depth >= EVALUATION_DEPTH || stack_is_low()) {
    shell_error("nested too deeply");
    return false;
  }
  shell.evaluation_depth += 1;
  return true;
}

void run_shallower(void) { shell.evaluation_depth -= 1; }

static int run_condition(const struct node *node) {
  shell.condition_depth += 1;
  int status = run_node(node, false);
  shell.condition_depth -= 1;
  return status;
}

// break and continue reach the loop that they are for. True: this loop ends.
static bool loop_ends(void) {
  if (shell.control != CONTROL_BREAK && shell.control != CONTROL_CONTINUE) return shell_stopped();
  shell.control_count -= 1;
  bool leaves = shell.control == CONTROL_BREAK || shell.control_count > 0;
  if (shell.control_count == 0) shell.control = CONTROL_NONE;
  return leaves;
}

static int run_while(const struct node *node) {
  int status = 0;
  bool until = node->kind == NODE_UNTIL;
  shell.loop_depth += 1;
  for (;;) {
    int condition = run_condition(node->first);
    if (shell_stopped()) {
      if (loop_ends()) break;
      continue;
    }
    if ((condition == 0) == until) break;
    status = run_node(node->second, false);
    if (loop_ends()) break;
  }
  shell.loop_depth -= 1;
  return shell.control == CONTROL_NONE ? status : shell.status;
}

static int run_for(const struct node *node) {
  int status = 0;
  struct mark mark = arena_mark(&scratch);
  struct fields fields = {0};
  bool expanded = true;
  if (node->over_params) {
    // The parameters may be set anew while they are gone through.
    for (int i = 0; i < shell.param_count; i += 1) {
      fields_add(&fields, arena_copy(&scratch, shell.params[i], strlen(shell.params[i])));
    }
  } else {
    expanded = expand_words(node->words, &fields);
  }
  shell.loop_depth += 1;
  for (size_t i = 0; expanded && i < fields.count; i += 1) {
    if (!variable_set(node->name, fields.items[i])) break;
    status = run_node(node->second, false);
    if (loop_ends()) break;
  }
  shell.loop_depth -= 1;
  arena_release(&scratch, mark);
  return shell.control == CONTROL_NONE ? status : shell.status;
}

// -1: after an error.
static int matches_item(const struct case_item *item, const char *subject) {
  for (const struct word *word = item->patterns; word != NULL; word = word->next) {
    struct marked pattern;
    if (!expand_pattern(word->parts, &pattern)) return -1;
    if (marked_matches(marked_pattern(&pattern), subject, strlen(subject))) return 1;
  }
  return 0;
}

static int run_case(const struct node *node, bool tail) {
  struct mark mark = arena_mark(&scratch);
  const char *subject = expand_text(node->words->parts);
  const struct case_item *item = subject == NULL ? NULL : node->items;
  int status = subject == NULL ? shell.status : 0;
  while (item != NULL) {
    int matched = matches_item(item, subject);
    if (matched < 0) status = shell.status;
    if (matched != 0) break;
    item = item->next;
  }
  arena_release(&scratch, mark);
  if (shell_stopped() || item == NULL) return status;
  for (; item != NULL && !shell_stopped(); item = item->next) {
    if (item->body != NULL) status = run_node(item->body, tail && !item->falls_through);
    if (!item->falls_through) break;
  }
  return status;
}

static int run_sequence(const struct node *node, bool tail) {
  int status = shell.status;
  for (const struct node *item = node->first; item != NULL; item = item->next) {
    status = run_node(item, tail && item->next == NULL);
    if (shell_stopped()) break;
  }
  return status;
}

static int run_if(const struct node *node, bool tail) {
  int condition = run_condition(node->first);
  if (shell_stopped()) return shell.status;
  const struct node *branch = condition == 0 ? node->second : node->third;
  return branch == NULL ? 0 : run_node(branch, tail);
}

static int run_and_or(const struct node *node, bool tail) {
  int status = run_condition(node->first);
  if (shell_stopped() || (status == 0) != (node->kind == NODE_AND)) return status;
  return run_node(node->second, tail);
}

static int run_not(const struct node *node) {
  int status = node->first == NULL ? 0 : run_condition(node->first);
  return shell_stopped() ? status : status == 0;
}

static int run_kind(const struct node *node, bool tail) {
  switch (node->kind) {
    case NODE_SIMPLE: return run_simple(node, tail);
    case NODE_PIPELINE:
    case NODE_SUBSHELL: return launch_foreground(node);
    case NODE_BACKGROUND: return launch_background(node->first);
    case NODE_NOT: return run_not(node);
    case NODE_AND:
    case NODE_OR: return run_and_or(node, tail);
    case NODE_SEQUENCE: return run_sequence(node, tail);
    case NODE_GROUP: return run_node(node->first, tail);
    case NODE_IF: return run_if(node, tail);
    case NODE_WHILE:
    case NODE_UNTIL: return run_while(node);
    case NODE_FOR: return run_for(node);
    case NODE_CASE: return run_case(node, tail);
    case NODE_FUNCTION: function_define(node, running); return 0;
  }
  return 0;
}

// A compound's redirections hold while it runs. Those of simple commands and subshells are their own.
static int run_redirected(const struct node *node) {
  struct mark mark = arena_mark(&scratch);
  struct fd_plan plan;
  struct saved saved;
  int status = 2;
  if (plan_redirects(node->redirects, &plan) && plan_apply(&plan, &saved)) {
    status = run_kind(node, false);
    plan_restore(&saved);
  }
  arena_release(&scratch, mark);
  return status;
}

// set -e ends the shell after what is a command of its own, not after the compounds that hold it.
static bool ends_on_error(const struct node *node) {
  return node->kind == NODE_SIMPLE || node->kind == NODE_PIPELINE || node->kind == NODE_SUBSHELL;
}

int run_node(const struct node *node, bool tail) {
  bool own = node->kind == NODE_SIMPLE || node->kind == NODE_SUBSHELL;
  int status = node->redirects != NULL && !own ? run_redirected(node) : run_kind(node, tail);
  shell.status = status;
  traps_run();
  if (shell_stopped()) return shell.status;
  if (status != 0 && shell.options[OPTION_EXIT_ON_ERROR] && shell.condition_depth == 0 && ends_on_error(node)) {
    shell_exit(status);
  }
  return status;
}

static int run_root(struct program *program, const struct node *node, bool tail) {
  struct program *outer = running;
  running = program_keep(program);
  int status = run_node(node, tail);
  running = outer;
  program_drop(program);
  return status;
}

int shell_run_program(struct program *program, bool tail) { return run_root(program, program->root, tail); }

int run_in_program(struct program *program, const struct node *node) { return run_root(program, node, false); }

// After an error the rest of the line is not what was meant.
static void back_to_prompt(struct input *input) {
  if (shell.control != CONTROL_ABORT || shell.evaluation_depth > 0) return;
  shell.control = CONTROL_NONE;
  input_drop_line(input);
}

int run_input(struct input *input, bool tail) {
  int status = 0;
  while (!shell_stopped()) {
    struct program *program;
    enum parse_result result = parse_command(input, &program);
    if (result == PARSE_END) break;
    if (result == PARSE_COMMAND) {
      if (!shell.options[OPTION_NO_EXECUTE]) status = shell_run_program(program, tail && input_is_spent(input));
      program_drop(program);
    }
    back_to_prompt(input);
  }
  return shell_stopped() ? shell.status : status;
}

int run_text(const char *text, bool printed, bool tail) {
  if (!run_deeper()) return shell.status;
  struct input input;
  int line = shell.line;
  input_from_text(&input, text, strlen(text));
  if (printed) {
    input.no_aliases = true;
    input.one_line = true;
    input.line = line;
  }
  int status = run_input(&input, tail);
  shell_input_close(&input);
  if (!shell_stopped()) shell.line = line;
  run_shallower();
  return status;
}

int run_file(int fd) {
  struct input input;
  input_from_fd(&input, fd, false);
  int status = run_input(&input, false);
  shell_input_close(&input);
  close(fd);
  return status;
}
