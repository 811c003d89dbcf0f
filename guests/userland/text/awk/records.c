#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/bytes.h"
#include "text/awk/machine.h"

// A record of `length` bytes, and what separates it from the next one.
static bool take(struct lines *lines, size_t length, size_t separator, struct text **record) {
  *record = text_new(lines->buffer + lines->start, length);
  lines->start += length + separator;
  return true;
}

// Records are paragraphs: newlines before the first one mean nothing.
static bool read_paragraph(struct lines *lines, struct text **record) {
  do {
    while (lines->start < lines->end && lines->buffer[lines->start] == '\n') lines->start += 1;
  } while (lines->start == lines->end && lines_fill(lines));
  size_t seen = 0;
  for (;;) {
    const char *start = lines->buffer + lines->start;
    size_t length = lines->end - lines->start;
    const char *found = length == 0 ? NULL : memmem(start + seen, length - seen, "\n\n", 2);
    if (found != NULL) {
      size_t size = (size_t)(found - start);
      take(lines, size, 2, record);
      // All newlines are one separator; those that are not read yet are skipped next time.
      while (lines->start < lines->end && lines->buffer[lines->start] == '\n') lines->start += 1;
      return true;
    }
    seen = length > 0 ? length - 1 : 0;
    if (lines_fill(lines)) continue;
    if (length == 0) return false;
    size_t newline = lines->buffer[lines->end - 1] == '\n';
    return take(lines, length - newline, newline, record);
  }
}

// A match that ends where the buffer does may be longer: it counts when there is no more.
static bool read_to_pattern(struct lines *lines, struct pattern *pattern, struct text **record) {
  if (lines_over(lines)) return false;
  for (;;) {
    struct span span;
    char *start = lines->buffer + lines->start;
    size_t length = lines->end - lines->start;
    start[length] = '\0';
    size_t from = 0;
    bool found = pattern_find(pattern, start, length, from, &span, 1);
    while (found && span.start == span.end && from < length) {
      // Nothing separates nothing.
      from = (size_t)span.end + 1;
      found = pattern_find(pattern, start, length, from, &span, 1);
    }
    found = found && span.end > span.start;
    if (found && ((size_t)span.end < length || lines->at_end)) {
      return take(lines, (size_t)span.start, (size_t)(span.end - span.start), record);
    }
    if (lines_fill(lines)) continue;
    if (found) continue;
    return take(lines, length, 0, record);
  }
}

bool record_read(struct machine *machine, struct lines *lines, struct text **record) {
  struct text *separator = special_text(machine, V_RS);
  struct line line;
  if (separator->length == 0) return read_paragraph(lines, record);
  if (separator->length > 1) return read_to_pattern(lines, pattern_of(machine, separator), record);
  lines->delimiter = separator->bytes[0];
  if (!lines_next(lines, &line)) return false;
  *record = text_new(line.text, line.length);
  return true;
}

size_t operand_name(const char *operand) {
  if (!isalpha((unsigned char)*operand) && *operand != '_') return 0;
  size_t length = 0;
  while (isalnum((unsigned char)operand[length]) || operand[length] == '_') length += 1;
  return operand[length] == '=' ? length : 0;
}

void awk_assign_operand(struct machine *machine, const char *operand, size_t name_length) {
  struct program *program = machine->program;
  const char *value = operand + name_length + 1;
  for (size_t slot = 0; slot < program->global_count; slot += 1) {
    const char *name = program->globals[slot];
    if (strlen(name) != name_length || memcmp(name, operand, name_length) != 0) continue;
    struct bytes text = BYTES_NONE;
    unescape_string(value, strlen(value), &text);
    awk_assign_global(machine, (int)slot, value_input(text_new(text.data, text.length)));
    bytes_free(&text);
  }
  // A variable the program does not know is of no use.
}

static bool open_main(struct machine *machine, const char *name) {
  machine->main_open = lines_open(&machine->main, strcmp(name, "/dev/stdin") == 0 ? "-" : name, '\n');
  if (!machine->main_open) {
    machine->failed = true;
    return false;
  }
  awk_assign_global(machine, V_FILENAME, value_text(text_new(name, strlen(name))));
  machine->file_record_number = 0;
  awk_assign_global(machine, V_FNR, value_number(0));
  return true;
}

// The next operand that names a file is opened; those that awk_assign are done on the way.
static bool open_next(struct machine *machine) {
  struct array *operands = machine->globals[V_ARGV].array;
  while (!machine->main_open && machine->next_argument < value_to_number(&machine->globals[V_ARGC].value)) {
    struct text *key = number_to_text(machine->next_argument, "%.6g");
    struct element *element = operands == NULL ? NULL : array_find(operands, key);
    text_drop(key);
    machine->next_argument += 1;
    if (element == NULL) continue;
    struct text *operand = value_to_text(&element->value, "%.6g");
    size_t name = operand_name(operand->bytes);
    if (name > 0) {
      awk_assign_operand(machine, operand->bytes, name);
    } else if (operand->length > 0) {
      machine->had_operand = true;
      open_main(machine, operand->bytes);
    }
    text_drop(operand);
  }
  if (machine->main_open) return true;
  if (machine->had_operand || machine->main_over) return false;
  machine->had_operand = true;
  machine->main_open = true;
  lines_from(&machine->main, 0, "-", '\n');
  return true;
}

void main_next_file(struct machine *machine) {
  if (!machine->main_open) return;
  if (machine->main.fd == 0) lines_give_back(&machine->main);
  if (!lines_close(&machine->main)) machine->failed = true;
  machine->main_open = false;
}

bool main_record(struct machine *machine, struct text **record) {
  for (; open_next(machine); main_next_file(machine)) {
    if (!record_read(machine, &machine->main, record)) continue;
    machine->record_number += 1;
    machine->file_record_number += 1;
    struct value *numbers[] = {&machine->globals[V_NR].value, &machine->globals[V_FNR].value};
    value_drop(numbers[0]);
    value_drop(numbers[1]);
    *numbers[0] = value_number(machine->record_number);
    *numbers[1] = value_number(machine->file_record_number);
    return true;
  }
  machine->main_over = true;
  return false;
}
