#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "text/awk/format.h"
#include "text/awk/machine.h"

// Where print prints to.
static struct writer *target(struct machine *machine, struct node *node) {
  if (node->second == NULL) return &out;
  struct text *name = awk_evaluate_text(machine, node->second);
  struct writer *writer = stream_writer(machine, node->operator, name);
  text_drop(name);
  return writer;
}

static void put_text(struct writer *writer, struct text *text) {
  writer_put(writer, text->bytes, text->length);
  text_drop(text);
}

// Numbers are printed as OFMT says, not CONVFMT.
static struct text *printed(struct machine *machine, struct value value) {
  if (value.text != NULL) return value.text;
  return value_to_text(&value, special_text(machine, V_OFMT)->bytes);
}

// The values of a list; an exit in one of them leaves the rest of no use.
static struct value *evaluate_all(struct machine *machine, struct node *list, size_t *count) {
  *count = 0;
  for (const struct node *node = list; node != NULL; node = node->next) *count += 1;
  struct value *values = must_grow(NULL, *count + 1, sizeof *values);
  for (size_t index = 0; index < *count; index += 1, list = list->next) values[index] = awk_evaluate(machine, list);
  return values;
}

static void print(struct machine *machine, struct node *node) {
  size_t count;
  struct value *values = evaluate_all(machine, node->first, &count);
  struct writer *writer = target(machine, node);
  for (size_t index = 0; index < count; index += 1) {
    if (index > 0) put_text(writer, text_keep(special_text(machine, V_OFS)));
    put_text(writer, printed(machine, values[index]));
  }
  if (count == 0) put_text(writer, fields_record(machine));
  put_text(writer, text_keep(special_text(machine, V_ORS)));
  free(values);
}

static void print_formatted(struct machine *machine, struct node *node) {
  size_t count;
  struct value *values = evaluate_all(machine, node->first, &count);
  struct writer *writer = target(machine, node);
  struct text *format = value_to_text(&values[0], convert_format(machine));
  put_text(writer, format_text(format->bytes, format->length, values + 1, count - 1, convert_format(machine)));
  text_drop(format);
  for (size_t index = 0; index < count; index += 1) value_drop(&values[index]);
  free(values);
}

// What a loop does with what its body left. Whether it goes on.
static bool goes_on(struct machine *machine) {
  if (machine->unwind == UNWIND_CONTINUE) machine->unwind = UNWIND_NONE;
  if (machine->unwind == UNWIND_NONE) return true;
  if (machine->unwind == UNWIND_BREAK) machine->unwind = UNWIND_NONE;
  return false;
}

static bool holds(struct machine *machine, struct node *condition) {
  return condition == NULL || (awk_evaluate_condition(machine, condition) && machine->unwind == UNWIND_NONE);
}

static void loop_while(struct machine *machine, struct node *node) {
  while (holds(machine, node->first)) {
    awk_execute(machine, node->second);
    if (!goes_on(machine)) return;
  }
}

static void loop_do(struct machine *machine, struct node *node) {
  do {
    awk_execute(machine, node->first);
    if (!goes_on(machine)) return;
  } while (holds(machine, node->second));
}

static void loop_for(struct machine *machine, struct node *node) {
  if (node->first != NULL) awk_execute(machine, node->first);
  while (machine->unwind == UNWIND_NONE && holds(machine, node->second)) {
    awk_execute(machine, node->fourth);
    if (!goes_on(machine)) return;
    if (node->third != NULL) awk_execute(machine, node->third);
  }
}

// The keys there are when the loop begins; those deleted since are left out.
static void loop_for_in(struct machine *machine, struct node *node) {
  struct array *array = array_of(machine, node->second);
  size_t count = array->count;
  struct text **keys = must_grow(NULL, count + 1, sizeof *keys);
  size_t at = 0;
  for (const struct element *element = array->first; element != NULL; element = element->after) {
    keys[at++] = text_keep(element->key);
  }
  bool going = true;
  for (size_t index = 0; index < count; index += 1) {
    if (going && array_find(array, keys[index]) != NULL) {
      awk_assign(machine, node->first, value_input(text_keep(keys[index])));
      awk_execute(machine, node->third);
      going = goes_on(machine);
    }
    text_drop(keys[index]);
  }
  free(keys);
}

static void delete(struct machine *machine, struct node *node) {
  struct node *of = node->first;
  if (of->kind != N_INDEX) {
    array_clear(array_of(machine, of));
    return;
  }
  struct text *key = awk_evaluate_key(machine, of->second);
  array_delete(array_of(machine, of->first), key);
  text_drop(key);
}

static void leave(struct machine *machine, struct node *node) {
  if (node->kind == S_RETURN) {
    struct value value = node->first == NULL ? (struct value){VALUE_NONE, 0, NULL} : awk_evaluate(machine, node->first);
    value_resolve(&value);
    machine->result = value;
    if (machine->unwind == UNWIND_NONE) machine->unwind = UNWIND_RETURN;
    return;
  }
  if (node->first != NULL) {
    double status = awk_evaluate_number(machine, node->first);
    machine->status = isfinite(status) ? (int)fmod(status, 256) & 0xff : 0;
  }
  machine->unwind = UNWIND_EXIT;
}

static void execute_block(struct machine *machine, struct node *node) {
  for (node = node->first; node != NULL && machine->unwind == UNWIND_NONE; node = node->next) awk_execute(machine, node);
}

static void execute_expression(struct machine *machine, struct node *node) {
  struct value value = awk_evaluate(machine, node->first);
  value_drop(&value);
}

void awk_execute(struct machine *machine, struct node *node) {
  switch (node->kind) {
    case S_BLOCK: execute_block(machine, node); break;
    case S_PRINT: print(machine, node); break;
    case S_PRINTF: print_formatted(machine, node); break;
    case S_EXPRESSION: execute_expression(machine, node); break;
    case S_IF:
      if (awk_evaluate_condition(machine, node->first)) awk_execute(machine, node->second);
      else if (node->third != NULL) awk_execute(machine, node->third);
      break;
    case S_WHILE: loop_while(machine, node); break;
    case S_DO: loop_do(machine, node); break;
    case S_FOR: loop_for(machine, node); break;
    case S_FOR_IN: loop_for_in(machine, node); break;
    case S_BREAK: machine->unwind = UNWIND_BREAK; break;
    case S_CONTINUE: machine->unwind = UNWIND_CONTINUE; break;
    case S_NEXT: machine->unwind = UNWIND_NEXT; break;
    case S_NEXTFILE: machine->unwind = UNWIND_NEXTFILE; break;
    case S_DELETE: delete(machine, node); break;
    default: leave(machine, node); break;
  }
}
