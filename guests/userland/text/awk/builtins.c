#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/array.h"
#include "text/awk/format.h"
#include "text/awk/machine.h"

static struct value from_text(const char *text, size_t length) { return value_text(text_new(text, length)); }

static struct value length(struct machine *machine, struct node *argument) {
  bool variable = argument != NULL && (argument->kind == N_GLOBAL || argument->kind == N_LOCAL);
  if (variable && cell_of(machine, argument)->array != NULL) {
    return value_number((double)cell_of(machine, argument)->array->count);
  }
  struct text *text = argument == NULL ? fields_record(machine) : awk_evaluate_text(machine, argument);
  double count = (double)text->length;
  text_drop(text);
  return value_number(count);
}

// A place in a text as a number: rounded, and in its bounds.
static double rounded(double number) {
  if (isnan(number)) return 0;
  return nearbyint(number);
}

static struct value substring(struct machine *machine, struct node *arguments) {
  struct text *text = awk_evaluate_text(machine, arguments);
  double start = rounded(awk_evaluate_number(machine, arguments->next));
  double end = INFINITY;
  if (arguments->next->next != NULL) {
    double count = awk_evaluate_number(machine, arguments->next->next);
    end = isnan(count) ? start : start + rounded(count);
  }
  if (start < 1) start = 1;
  if (end > (double)text->length + 1) end = (double)text->length + 1;
  struct value result = end > start ? from_text(text->bytes + (size_t)start - 1, (size_t)(end - start)) : from_text("", 0);
  text_drop(text);
  return result;
}

static struct value index_in(struct machine *machine, struct node *arguments) {
  struct text *text = awk_evaluate_text(machine, arguments);
  struct text *wanted = awk_evaluate_text(machine, arguments->next);
  const char *found = find_bytes(text->bytes, text->length, wanted->bytes, wanted->length);
  double place = found == NULL ? 0 : (double)(found - text->bytes) + 1;
  text_drop(text);
  text_drop(wanted);
  return value_number(place);
}

static struct value change_case(struct machine *machine, struct node *argument, int (*change)(int)) {
  struct text *text = awk_evaluate_text(machine, argument);
  struct text *changed = text_new(NULL, text->length);
  for (size_t at = 0; at < text->length; at += 1) changed->bytes[at] = (char)change((unsigned char)text->bytes[at]);
  text_drop(text);
  return value_text(changed);
}

static struct value sprintf_value(struct machine *machine, struct node *arguments) {
  size_t count = 0;
  for (const struct node *node = arguments->next; node != NULL; node = node->next) count += 1;
  struct value *values = must_grow(NULL, count + 1, sizeof *values);
  struct text *format = awk_evaluate_text(machine, arguments);
  size_t index = 0;
  for (struct node *node = arguments->next; node != NULL; node = node->next) values[index++] = awk_evaluate(machine, node);
  struct text *text = format_text(format->bytes, format->length, values, count, convert_format(machine));
  for (index = 0; index < count; index += 1) value_drop(&values[index]);
  free(values);
  text_drop(format);
  return value_text(text);
}

static struct value close_stream(struct machine *machine, struct node *argument) {
  struct text *name = awk_evaluate_text(machine, argument);
  double status = stream_close(machine, name);
  text_drop(name);
  return value_number(status);
}

static struct value flush(struct machine *machine, struct node *argument) {
  if (argument == NULL) return value_number(streams_flush(machine, NULL) ? 0 : -1);
  struct text *name = awk_evaluate_text(machine, argument);
  bool good = streams_flush(machine, name->length == 0 ? NULL : name);
  text_drop(name);
  return value_number(good ? 0 : -1);
}

static struct value system_value(struct machine *machine, struct node *argument) {
  struct text *command = awk_evaluate_text(machine, argument);
  // An exit in the argument comes before the command.
  double status = machine->unwind == UNWIND_EXIT ? 0 : run_system(machine, command);
  text_drop(command);
  return value_number(status);
}

static struct value format_time(struct machine *machine, struct node *arguments) {
  struct text *format = arguments == NULL ? text_new("%a %b %e %H:%M:%S %Z %Y", 23) : awk_evaluate_text(machine, arguments);
  struct node *when = arguments == NULL ? NULL : arguments->next;
  double seconds = when == NULL ? (double)time(NULL) : awk_evaluate_number(machine, when);
  bool utc = when != NULL && when->next != NULL && awk_evaluate_condition(machine, when->next);
  time_t moment = isfinite(seconds) && fabs(seconds) < 1e11 ? (time_t)seconds : 0;
  const struct tm *parts = utc ? gmtime(&moment) : localtime(&moment);
  char text[512];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
  size_t size = parts == NULL ? 0 : strftime(text, sizeof text, format->bytes, parts);
#pragma GCC diagnostic pop
  text_drop(format);
  return from_text(text, size);
}

struct value awk_call_builtin(struct machine *machine, struct node *node) {
  struct node *arguments = node->first;
  switch ((enum builtin)node->operator) {
    case B_LENGTH: return length(machine, arguments);
    case B_SUBSTR: return substring(machine, arguments);
    case B_INDEX: return index_in(machine, arguments);
    case B_TOLOWER: return change_case(machine, arguments, tolower);
    case B_TOUPPER: return change_case(machine, arguments, toupper);
    case B_SPRINTF: return sprintf_value(machine, arguments);
    case B_SUB:
    case B_GSUB: return builtin_substitute(machine, node);
    case B_GENSUB: return builtin_gensub(machine, node);
    case B_MATCH: return builtin_match(machine, node);
    case B_SPLIT: return builtin_split(machine, node);
    case B_CLOSE: return close_stream(machine, arguments);
    case B_FFLUSH: return flush(machine, arguments);
    case B_SYSTEM: return system_value(machine, arguments);
    case B_STRFTIME: return format_time(machine, arguments);
    case B_SYSTIME: return value_number((double)time(NULL));
    default: return builtin_number(machine, node);
  }
}
