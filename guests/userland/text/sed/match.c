#include <stdlib.h>

#include "lib/message.h"
#include "text/sed/sed.h"

// The pattern, or the one used last; that is the one used last from here.
bool space_matches(struct machine *machine, struct pattern *pattern) {
  if (pattern != NULL) machine->last = pattern;
  if (machine->last == NULL) {
    message("no previous regular expression");
    exit(BAD_SCRIPT);
  }
  return pattern_find(machine->last, machine->space.data, machine->space.length, 0, NULL, 0);
}

static bool address_matches(struct machine *machine, const struct address *address) {
  int64_t line = machine->input.number;
  switch (address->kind) {
    case ADDRESS_LINE: return line == address->number;
    case ADDRESS_STEP:
      if (address->step <= 0) return line == address->number;
      return line >= address->number && (line - address->number) % address->step == 0;
    case ADDRESS_LAST: return input_is_last(&machine->input);
    case ADDRESS_REGEX: return space_matches(machine, address->pattern);
    default: return false;
  }
}

// A range starts in this line. Whether it goes on behind it.
static bool goes_on(struct machine *machine, struct command *command) {
  int64_t line = machine->input.number;
  const struct address *to = &command->to;
  switch (to->kind) {
    case ADDRESS_LINE: command->range_end = to->number; break;
    case ADDRESS_MORE:
      if (__builtin_add_overflow(line, to->number, &command->range_end)) command->range_end = INT64_MAX;
      break;
    case ADDRESS_MULTIPLE:
      command->range_end = to->number == 0 ? line : (line + to->number - 1) / to->number * to->number;
      break;
    case ADDRESS_LAST: return !input_is_last(&machine->input);
    default: return true;
  }
  return command->range_end > line;
}

static bool range_matches(struct machine *machine, struct command *command) {
  int64_t line = machine->input.number;
  if (command->in_range) {
    switch (command->to.kind) {
      case ADDRESS_REGEX: command->in_range = !space_matches(machine, command->to.pattern); return true;
      case ADDRESS_LAST: command->in_range = !input_is_last(&machine->input); return true;
      default:
        command->in_range = line < command->range_end;
        if (line <= command->range_end) return true;
        break;
    }
  }
  if (!address_matches(machine, &command->from)) return false;
  command->in_range = goes_on(machine, command);
  return true;
}

bool command_applies(struct machine *machine, struct command *command) {
  bool matches = true;
  if (command->to.kind != ADDRESS_NONE) matches = range_matches(machine, command);
  else if (command->from.kind != ADDRESS_NONE) matches = address_matches(machine, &command->from);
  return matches != command->negated;
}
