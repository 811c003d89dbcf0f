#include <stdlib.h>
#include <string.h>

#include "text/sed/sed.h"

// Where a cycle goes on after a command.
enum next {
  NEXT_COMMAND,
  NEXT_JUMP,
  NEXT_CYCLE,     // the end of the script
  NEXT_DELETED,   // the end of the cycle; the space is not printed
  NEXT_AGAIN,     // the start of the script, without another line
};

static void print_space(struct machine *machine) {
  output_line(&machine->script->standard, machine->space.data, machine->space.length, machine->options->line_end,
              machine->ended);
}

static void end_cycle(struct machine *machine, bool prints) {
  if (prints && !machine->options->quiet) print_space(machine);
  appends_print(machine);
  if (machine->options->unbuffered) writer_flush(machine->script->standard.writer);
}

// The next line; without one, the script ends here, and what is in the space is printed.
static enum next read_next(struct machine *machine, bool adds) {
  if (input_is_last(&machine->input) && (!machine->options->separate || *machine->input.names == NULL)) {
    machine->quits = true;
    return NEXT_CYCLE;
  }
  if (!adds && !machine->options->quiet) print_space(machine);
  appends_print(machine);
  if (adds) bytes_byte(&machine->space, machine->options->line_end);
  else bytes_clear(&machine->space);
  machine->quits = !input_line(&machine->input, &machine->space, &machine->ended);
  return NEXT_COMMAND;
}

static enum next delete_first_line(struct machine *machine) {
  char *end = memchr(machine->space.data, machine->options->line_end, machine->space.length);
  if (end == NULL) return NEXT_DELETED;
  size_t used = (size_t)(end - machine->space.data) + 1;
  machine->space.length -= used;
  memmove(machine->space.data, end + 1, machine->space.length + 1);
  return NEXT_AGAIN;
}

static void print_first_line(struct machine *machine, struct output *output) {
  const struct bytes *space = &machine->space;
  const char *end = memchr(space->data, machine->options->line_end, space->length);
  size_t length = end == NULL ? space->length : (size_t)(end - space->data);
  output_line(output, space->data, length, machine->options->line_end, end != NULL || machine->ended);
}

// c: the text stands for the whole range, at its end.
static enum next change(struct machine *machine, struct command *command) {
  bool within = command->to.kind != ADDRESS_NONE && !command->negated && command->in_range;
  if (!within) output_put(&machine->script->standard, command->text.data, command->text.length);
  return NEXT_DELETED;
}

static enum next do_substitution(struct machine *machine, const struct substitution *how) {
  if (!substitute(machine, how)) return NEXT_COMMAND;
  machine->substituted = true;
  if (how->print) print_space(machine);
  if (how->output != NULL) {
    output_line(how->output, machine->space.data, machine->space.length, machine->options->line_end, machine->ended);
  }
  return NEXT_COMMAND;
}

static void copy_to(struct bytes *to, const struct bytes *from, bool adds, char between) {
  if (adds) bytes_byte(to, between);
  else bytes_clear(to);
  bytes_add(to, from->data, from->length);
}

// Whether its line had a newline goes with the text.
static void exchange(struct machine *machine) {
  bool ended = machine->ended;
  bytes_swap(&machine->space, &machine->hold);
  machine->ended = machine->hold_ended;
  machine->hold_ended = ended;
}

static void print_number(struct machine *machine) {
  struct bytes text = BYTES_NONE;
  char digits[24];
  char *at = digits + sizeof digits;
  int64_t number = machine->input.number;
  do *--at = (char)('0' + number % 10); while ((number /= 10) > 0);
  bytes_add(&text, at, (size_t)(digits + sizeof digits - at));
  bytes_byte(&text, '\n');
  output_put(&machine->script->standard, text.data, text.length);
  bytes_free(&text);
}

static enum next quit(struct machine *machine, const struct command *command) {
  machine->quits = true;
  machine->status = (int)(command->number & 0xff);
  return command->name == 'q' ? NEXT_CYCLE : NEXT_DELETED;
}

static bool takes_jump(struct machine *machine, char name) {
  if (name == 'b') return true;
  bool jumps = machine->substituted == (name == 't');
  machine->substituted = false;
  return jumps;
}

// Commands that only change or print the space.
static void simple(struct machine *machine, struct command *command) {
  struct bytes *space = &machine->space;
  struct output *standard = &machine->script->standard;
  char end = machine->options->line_end;
  switch (command->name) {
    case 'a': append_text(machine, &command->text); break;
    case 'i': output_put(standard, command->text.data, command->text.length); break;
    case 'g':
    case 'G': copy_to(space, &machine->hold, command->name == 'G', end); break;
    case 'h':
    case 'H': copy_to(&machine->hold, space, command->name == 'H', end); break;
    case 'x': exchange(machine); break;
    case 'z': bytes_clear(space); break;
    case 'p': print_space(machine); break;
    case 'P': print_first_line(machine, standard); break;
    case 'w': output_line(command->output, space->data, space->length, end, machine->ended); break;
    case 'W': print_first_line(machine, command->output); break;
    case 'r': append_file(machine, &command->text); break;
    case 'R': append_line_of(machine, &command->text); break;
    case '=': print_number(machine); break;
    case 'l':
      output_unambiguous(standard, space, command->number < 0 ? machine->options->wrap : command->number, end);
      break;
    case 'F': output_line(standard, input_name(&machine->input), strlen(input_name(&machine->input)), '\n', true); break;
    case 'y':
      for (size_t at = 0; at < space->length; at += 1) {
        space->data[at] = (char)command->map[(unsigned char)space->data[at]];
      }
      break;
    default: break;
  }
}

static enum next execute(struct machine *machine, struct command *command) {
  switch (command->name) {
    case 'b':
    case 't':
    case 'T': return takes_jump(machine, command->name) ? NEXT_JUMP : NEXT_COMMAND;
    case 'c': return change(machine, command);
    case 'd': return NEXT_DELETED;
    case 'D': return delete_first_line(machine);
    case 'n': return read_next(machine, false);
    case 'N': return read_next(machine, true);
    case 'q':
    case 'Q': return quit(machine, command);
    case 's': return do_substitution(machine, command->substitution);
    default: simple(machine, command); return NEXT_COMMAND;
  }
}

static enum next run_script(struct machine *machine) {
  struct script *script = machine->script;
  for (size_t at = 0; at < script->count;) {
    struct command *command = &script->commands[at];
    if (!command_applies(machine, command)) {
      at = command->name == '{' ? command->jump : at + 1;
      continue;
    }
    enum next next = execute(machine, command);
    if (next == NEXT_JUMP) at = command->jump;
    else if (next == NEXT_COMMAND) at += 1;
    else return next;
  }
  return NEXT_CYCLE;
}

void sed_run(struct machine *machine) {
  bool again = false;
  while (!machine->quits) {
    if (!again) {
      bytes_clear(&machine->space);
      if (!input_line(&machine->input, &machine->space, &machine->ended)) break;
      machine->substituted = false;
    }
    enum next next = run_script(machine);
    // Q ends without another word.
    bool silent = machine->quits && next == NEXT_DELETED;
    if (!silent) end_cycle(machine, next == NEXT_CYCLE);
    again = next == NEXT_AGAIN;
  }
  input_end(&machine->input);
}
