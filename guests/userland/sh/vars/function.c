#include "sh/vars/function.h"

#include <stdlib.h>
#include <string.h>

static struct function *functions;

const struct function *function_first(void) { return functions; }

const struct function *function_find(const char *name) {
  for (const struct function *function = functions; function != NULL; function = function->next) {
    if (strcmp(function->name, name) == 0) return function;
  }
  return NULL;
}

void function_remove(const char *name) {
  for (struct function **place = &functions; *place != NULL; place = &(*place)->next) {
    struct function *function = *place;
    if (strcmp(function->name, name) != 0) continue;
    *place = function->next;
    free(function->name);
    program_drop(function->program);
    free(function);
    return;
  }
}

void function_define(const struct node *node, struct program *program) {
  program_keep(program);
  function_remove(node->name);
  struct function *function = shell_alloc(sizeof *function);
  *function = (struct function){functions, shell_copy(node->name), node, program};
  functions = function;
}
