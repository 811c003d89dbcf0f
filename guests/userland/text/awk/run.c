#include <stdlib.h>
#include <string.h>

#include "text/awk/machine.h"

static bool in_range(struct machine *machine, struct rule *rule) {
  if (!rule->in_range && !awk_evaluate_condition(machine, rule->pattern)) return false;
  // The end of a range may be the line that starts it.
  rule->in_range = !awk_evaluate_condition(machine, rule->last);
  return true;
}

static bool applies(struct machine *machine, struct rule *rule) {
  if (rule->pattern == NULL) return true;
  return rule->last != NULL ? in_range(machine, rule) : awk_evaluate_condition(machine, rule->pattern);
}

static void print_record(struct machine *machine) {
  struct text *record = fields_record(machine);
  const struct text *end = special_text(machine, V_ORS);
  writer_put(&out, record->bytes, record->length);
  writer_put(&out, end->bytes, end->length);
  text_drop(record);
}

static void run_record(struct machine *machine) {
  struct program *program = machine->program;
  for (size_t index = 0; index < program->rule_count && machine->unwind == UNWIND_NONE; index += 1) {
    struct rule *rule = &program->rules[index];
    if (rule->kind != RULE_MAIN || !applies(machine, rule) || machine->unwind != UNWIND_NONE) continue;
    if (rule->body == NULL) print_record(machine);
    else awk_execute(machine, rule->body);
  }
  if (machine->unwind == UNWIND_NEXTFILE) main_next_file(machine);
  if (machine->unwind != UNWIND_EXIT) machine->unwind = UNWIND_NONE;
}

static void run_kind(struct machine *machine, enum rule_kind kind) {
  struct program *program = machine->program;
  for (size_t index = 0; index < program->rule_count && machine->unwind != UNWIND_EXIT; index += 1) {
    if (program->rules[index].kind != kind) continue;
    awk_execute(machine, program->rules[index].body);
    if (machine->unwind != UNWIND_EXIT) machine->unwind = UNWIND_NONE;
  }
}

static bool has_kind(const struct program *program, enum rule_kind kind) {
  for (size_t index = 0; index < program->rule_count; index += 1) {
    if (program->rules[index].kind == kind) return true;
  }
  return false;
}

static void run_input(struct machine *machine) {
  struct text *record;
  while (machine->unwind == UNWIND_NONE && main_record(machine, &record)) {
    fields_set_record(machine, record);
    run_record(machine);
  }
  main_next_file(machine);
}

int awk_run(struct machine *machine) {
  run_kind(machine, RULE_BEGIN);
  bool reads = has_kind(machine->program, RULE_MAIN) || has_kind(machine->program, RULE_END);
  if (reads && machine->unwind == UNWIND_NONE) run_input(machine);
  // An exit leads to END, one in END to the end.
  bool exited = machine->unwind == UNWIND_EXIT;
  machine->unwind = UNWIND_NONE;
  if (reads || exited) run_kind(machine, RULE_END);
  main_next_file(machine);
  streams_close(machine);
  if (machine->status != 0) return machine->status;
  return machine->failed ? 2 : 0;
}
