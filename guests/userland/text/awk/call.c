#include <stdlib.h>

#include "lib/array.h"
#include "text/awk/machine.h"

// A variable that is not set yet may become an array in the function: it is passed as itself.
static void pass(struct machine *machine, struct node *argument, struct cell *to) {
  *to = (struct cell){.borrowed = false};
  bool variable = argument->kind == N_GLOBAL || argument->kind == N_LOCAL;
  struct cell *from = variable ? cell_of(machine, argument) : NULL;
  if (from != NULL && from->array == NULL && from->origin != NULL && from->value.kind == VALUE_NONE) {
    // It may have become one by another name.
    struct cell *root = from;
    while (root->origin != NULL && root->array == NULL) root = root->origin;
    if (root->array != NULL) array_of(machine, argument);
  }
  if (from != NULL && from->array != NULL) {
    to->array = from->array;
    to->borrowed = true;
  } else if (from != NULL && from->value.kind == VALUE_NONE && argument->slot >= 0) {
    bool special = argument->kind == N_GLOBAL && argument->slot < SPECIALS;
    if (special) to->value = awk_evaluate(machine, argument);
    else to->origin = from;
  } else {
    to->value = awk_evaluate(machine, argument);
    value_resolve(&to->value);
  }
}

static void call_body(struct machine *machine, const struct function *function, struct cell *locals) {
  struct cell *outer = machine->locals;
  machine->locals = locals;
  awk_execute(machine, function->body);
  machine->locals = outer;
}

struct value awk_call_function(struct machine *machine, struct node *node) {
  const struct function *function = node->function;
  if (machine->depth >= DEEPEST_CALL) machine_fail(machine, "line %d: calls nested too deeply", node->line);
  struct cell *locals = must_grow(NULL, (size_t)function->count + 1, sizeof *locals);
  int count = 0;
  for (struct node *argument = node->first; argument != NULL; argument = argument->next, count += 1) {
    if (count == function->count) machine_fail(machine, "line %d: too many arguments for %s", node->line, function->name);
    pass(machine, argument, &locals[count]);
  }
  for (; count < function->count; count += 1) locals[count] = (struct cell){.borrowed = false};
  machine->depth += 1;
  call_body(machine, function, locals);
  machine->depth -= 1;
  for (int index = 0; index < function->count; index += 1) cell_free(&locals[index]);
  free(locals);
  struct value result = machine->result;
  machine->result = (struct value){VALUE_NONE, 0, NULL};
  if (machine->unwind == UNWIND_RETURN) machine->unwind = UNWIND_NONE;
  return result;
}
