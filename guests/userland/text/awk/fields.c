#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/bytes.h"
#include "text/awk/machine.h"

enum { MOST_FIELDS = 1 << 24 };

static void clear_fields(struct fields *fields) {
  for (size_t index = 1; index <= fields->count; index += 1) value_drop(&fields->list[index]);
  fields->count = 0;
}

static void reserve(struct fields *fields, size_t count) {
  if (count < fields->size) return;
  size_t size = fields->size == 0 ? 32 : fields->size;
  while (size <= count) size *= 2;
  fields->list = must_grow(fields->list, size, sizeof *fields->list);
  fields->size = size;
}

static void set_nf(struct machine *machine) {
  struct value *value = &machine->globals[V_NF].value;
  value_drop(value);
  *value = value_number((double)machine->fields.count);
}

void fields_set_record(struct machine *machine, struct text *record) {
  struct fields *fields = &machine->fields;
  value_drop(&fields->record);
  fields->record = value_input(record);
  fields->is_split = false;
  fields->is_joined = true;
}

static void add_field(void *context, const char *text, size_t length) {
  struct fields *fields = context;
  reserve(fields, fields->count + 1);
  fields->list[++fields->count] = value_input(text_new(text, length));
}

static void split_blanks(const struct text *text, take_part *take, void *context) {
  const char *at = text->bytes;
  const char *end = at + text->length;
  for (;;) {
    while (at < end && (*at == ' ' || *at == '\t' || *at == '\n')) at += 1;
    if (at == end) return;
    const char *start = at;
    while (at < end && *at != ' ' && *at != '\t' && *at != '\n') at += 1;
    take(context, start, (size_t)(at - start));
  }
}

// At a byte, and at newlines too when records are paragraphs.
static void split_byte(const struct text *text, char byte, bool newlines, take_part *take, void *context) {
  const char *at = text->bytes;
  const char *end = at + text->length;
  for (const char *next = at; next < end; next += 1) {
    if (!newlines) {
      next = memchr(next, byte, (size_t)(end - next));
      if (next == NULL) break;
    } else if (*next != byte && *next != '\n') {
      continue;
    }
    take(context, at, (size_t)(next - at));
    at = next + 1;
  }
  take(context, at, (size_t)(end - at));
}

static void split_pattern(const struct text *text, struct pattern *pattern, take_part *take, void *context) {
  struct span span;
  size_t start = 0;
  for (size_t from = 0; pattern_find(pattern, text->bytes, text->length, from, &span, 1);) {
    if (span.end == span.start) {
      // Nothing separates nothing.
      if ((size_t)span.end >= text->length) break;
      from = (size_t)span.end + 1;
      continue;
    }
    take(context, text->bytes + start, (size_t)span.start - start);
    start = from = (size_t)span.end;
  }
  take(context, text->bytes + start, text->length - start);
}

static void split_bytes(const struct text *text, take_part *take, void *context) {
  for (size_t at = 0; at < text->length; at += 1) take(context, text->bytes + at, 1);
}

// A regular expression that also ends fields at newlines.
static struct pattern *with_newlines(struct machine *machine, const struct text *separator) {
  struct bytes both = BYTES_NONE;
  bytes_byte(&both, '(');
  bytes_add(&both, separator->bytes, separator->length);
  bytes_text(&both, ")|\n");
  struct text *text = text_new(both.data, both.length);
  struct pattern *pattern = pattern_of(machine, text);
  text_drop(text);
  bytes_free(&both);
  return pattern;
}

void split_text(struct machine *machine, const struct text *text, struct text *separator, take_part *take,
                void *context) {
  bool newlines = separator == NULL && special_text(machine, V_RS)->length == 0;
  if (separator == NULL) separator = special_text(machine, V_FS);
  if (text->length == 0) return;
  char byte = separator->bytes[0];
  if (separator->length == 0) split_bytes(text, take, context);
  else if (separator->length == 1 && byte == ' ') split_blanks(text, take, context);
  else if (separator->length == 1) split_byte(text, byte, newlines, take, context);
  else if (newlines) split_pattern(text, with_newlines(machine, separator), take, context);
  else split_pattern(text, pattern_of(machine, separator), take, context);
}

void fields_split(struct machine *machine) {
  struct fields *fields = &machine->fields;
  if (fields->is_split) return;
  fields->is_split = true;
  clear_fields(fields);
  struct text *record = fields->record.text == NULL ? text_empty() : text_keep(fields->record.text);
  split_text(machine, record, NULL, add_field, fields);
  text_drop(record);
  set_nf(machine);
}

static void join(struct machine *machine) {
  struct fields *fields = &machine->fields;
  struct bytes joined = BYTES_NONE;
  const struct text *between = special_text(machine, V_OFS);
  bytes_clear(&joined);
  for (size_t index = 1; index <= fields->count; index += 1) {
    if (index > 1) bytes_add(&joined, between->bytes, between->length);
    struct text *text = value_to_text(&fields->list[index], convert_format(machine));
    bytes_add(&joined, text->bytes, text->length);
    text_drop(text);
  }
  value_drop(&fields->record);
  fields->record = value_input(text_new(joined.data, joined.length));
  fields->is_joined = true;
  bytes_free(&joined);
}

struct text *fields_record(struct machine *machine) {
  if (!machine->fields.is_joined) join(machine);
  struct value *record = &machine->fields.record;
  return record->text == NULL ? text_empty() : text_keep(record->text);
}

static size_t index_of(struct machine *machine, double index) {
  if (!(index >= 0 && index <= MOST_FIELDS)) machine_fail(machine, "there is no field %g", index);
  return (size_t)index;
}

struct value field_get(struct machine *machine, double number) {
  size_t index = index_of(machine, number);
  struct fields *fields = &machine->fields;
  if (index == 0) {
    if (!fields->is_joined) join(machine);
    return value_keep(&fields->record);
  }
  fields_split(machine);
  if (index > fields->count) return (struct value){VALUE_NONE, 0, NULL};
  return value_keep(&fields->list[index]);
}

static void set_count(struct machine *machine, size_t count) {
  struct fields *fields = &machine->fields;
  for (; fields->count > count; fields->count -= 1) value_drop(&fields->list[fields->count]);
  reserve(fields, count);
  while (fields->count < count) fields->list[++fields->count] = (struct value){VALUE_NONE, 0, NULL};
}

void fields_set_count(struct machine *machine, double number) {
  if (!(number >= 0 && number <= MOST_FIELDS)) machine_fail(machine, "NF cannot be %g", number);
  fields_split(machine);
  set_count(machine, (size_t)number);
  machine->fields.is_joined = false;
  set_nf(machine);
}

void field_set(struct machine *machine, double number, struct value value) {
  size_t index = index_of(machine, number);
  struct fields *fields = &machine->fields;
  if (index == 0) {
    fields_set_record(machine, take_text(machine, value));
    return;
  }
  fields_split(machine);
  if (index > fields->count) set_count(machine, index);
  value_drop(&fields->list[index]);
  fields->list[index] = value;
  fields->is_joined = false;
  set_nf(machine);
}

void fields_free(struct machine *machine) {
  clear_fields(&machine->fields);
  value_drop(&machine->fields.record);
  free(machine->fields.list);
}
