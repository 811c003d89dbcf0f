#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/message.h"
#include "text/awk/machine.h"

void machine_fail(struct machine *machine, const char *format, ...) {
  va_list args;
  char text[512];
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  (void)machine;
  writer_flush(&out);
  message("%s", text);
  exit(2);
}

struct cell *cell_of(struct machine *machine, const struct node *node) {
  return node->kind == N_LOCAL ? &machine->locals[node->slot] : &machine->globals[node->slot];
}

// An array that nobody has yet is made where the variable came from first, so that all have it.
struct array *array_of(struct machine *machine, const struct node *node) {
  struct cell *cell = cell_of(machine, node);
  if (cell->array != NULL) return cell->array;
  if (cell->value.kind != VALUE_NONE) machine_fail(machine, "line %d: a scalar is used as an array", node->line);
  struct cell *root = cell;
  while (root->origin != NULL && root->array == NULL) root = root->origin;
  if (root->value.kind != VALUE_NONE) machine_fail(machine, "line %d: a scalar is used as an array", node->line);
  if (root->array == NULL) root->array = array_new();
  for (; cell != root; cell = cell->origin) {
    cell->array = root->array;
    cell->borrowed = true;
  }
  return root->array;
}

void cell_free(struct cell *cell) {
  value_drop(&cell->value);
  if (cell->array != NULL && !cell->borrowed) array_free(cell->array);
}

struct text *special_text(struct machine *machine, enum special special) {
  struct value *value = &machine->globals[special].value;
  // The text stays with the variable.
  if (value->text == NULL) {
    value->text = value->kind == VALUE_NONE ? text_empty() : number_to_text(value->number, "%.6g");
    value->kind = VALUE_TEXT;
  }
  return value->text;
}

const char *convert_format(struct machine *machine) { return special_text(machine, V_CONVFMT)->bytes; }

void awk_assign_global(struct machine *machine, int slot, struct value value) {
  struct cell *cell = &machine->globals[slot];
  if (cell->array != NULL) machine_fail(machine, "an array is used as a scalar");
  value_drop(&cell->value);
  cell->value = value;
  if (slot == V_NF) fields_set_count(machine, value_to_number(&cell->value));
  else if (slot == V_NR) machine->record_number = value_to_number(&cell->value);
  else if (slot == V_FNR) machine->file_record_number = value_to_number(&cell->value);
}

static void assign_local(struct machine *machine, const struct node *node, struct value value) {
  struct cell *cell = &machine->locals[node->slot];
  if (cell->array != NULL) machine_fail(machine, "line %d: an array is used as a scalar", node->line);
  value_drop(&cell->value);
  cell->value = value;
  cell->origin = NULL;
}

static void assign_element(struct machine *machine, struct node *node, struct value value) {
  struct text *key = awk_evaluate_key(machine, node->second);
  struct element *element = array_at(array_of(machine, node->first), key);
  text_drop(key);
  value_drop(&element->value);
  element->value = value;
}

void awk_assign(struct machine *machine, struct node *node, struct value value) {
  switch (node->kind) {
    case N_GLOBAL: awk_assign_global(machine, node->slot, value); break;
    case N_LOCAL: assign_local(machine, node, value); break;
    case N_FIELD: field_set(machine, awk_evaluate_number(machine, node->first), value); break;
    default: assign_element(machine, node, value); break;
  }
}
