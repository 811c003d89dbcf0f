#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/memory.h"
#include "text/sed/sed.h"

static struct part *add_part(struct substitution *to, enum part_kind kind) {
  to->parts = must_grow(to->parts, to->part_count + 1, sizeof *to->parts);
  struct part *part = &to->parts[to->part_count++];
  *part = (struct part){.kind = kind, .text = BYTES_NONE};
  return part;
}

static void add_byte(struct substitution *to, char byte) {
  bool goes_on = to->part_count > 0 && to->parts[to->part_count - 1].kind == PART_TEXT;
  struct part *part = goes_on ? &to->parts[to->part_count - 1] : add_part(to, PART_TEXT);
  bytes_byte(&part->text, byte);
}

// What stands behind a backslash at `*at`.
static void add_escape(struct substitution *to, const struct bytes *text, size_t *at) {
  char byte = text->data[*at];
  char meant;
  if (isdigit((unsigned char)byte)) {
    add_part(to, PART_GROUP)->group = byte - '0';
    *at += 1;
  } else if (byte != '\0' && strchr("LUluE", byte) != NULL) {
    add_part(to, PART_CASE)->letter = byte;
    *at += 1;
  } else if (escape_byte(text->data, text->length, at, &meant)) {
    add_byte(to, meant);
  } else {
    add_byte(to, byte);
    *at += 1;
  }
}

static void parse_replacement(struct substitution *to, const struct bytes *text) {
  for (size_t at = 0; at < text->length;) {
    char byte = text->data[at++];
    if (byte == '\\' && at < text->length) add_escape(to, text, &at);
    else if (byte == '&') add_part(to, PART_GROUP)->group = 0;
    else add_byte(to, byte);
  }
}

// The file behind a w, up to the end of the line.
static bool parse_file(struct source *source, struct substitution *to) {
  struct bytes name = BYTES_NONE;
  bytes_clear(&name);
  source_skip_blanks(source);
  while (source_peek(source) >= 0 && source_peek(source) != '\n') bytes_byte(&name, (char)source_next(source));
  to->output = source_output(source, &name);
  bytes_free(&name);
  return to->output != NULL;
}

static bool parse_number(struct source *source, struct substitution *to) {
  if (to->number != 0) return source_fail(source, "multiple number options to `s' command");
  if (!source_number(source, &to->number)) return false;
  return to->number > 0 || source_fail(source, "number option to `s' command may not be zero");
}

// One flag; `*over` when there are no more.
static bool parse_flag(struct source *source, struct substitution *to, int *flags, bool *over) {
  int byte = source_peek(source);
  if (isdigit(byte)) return parse_number(source, to);
  if (byte < 0 || strchr("\n;}# \t\r", byte) != NULL) {
    *over = true;
    return true;
  }
  source->at += 1;
  switch (byte) {
    case 'g': to->global = true; return true;
    case 'p': to->print = true; return true;
    case 'i':
    case 'I': *flags |= PATTERN_IGNORE_CASE; return true;
    case 'm':
    case 'M': *flags |= PATTERN_LINES; return true;
    case 'w': *over = true; return parse_file(source, to);
    case 'e': return source_fail(source, "the e flag is not supported");
    default: return source_fail(source, "unknown option to `s'");
  }
}

// A replacement may only name groups that are there.
static bool check_groups(const struct source *source, const struct substitution *to) {
  if (to->pattern == NULL) return true;
  for (size_t index = 0; index < to->part_count; index += 1) {
    const struct part *part = &to->parts[index];
    if (part->kind == PART_GROUP && (size_t)part->group > pattern_groups(to->pattern)) {
      return source_fail(source, "invalid reference on `s' command's RHS");
    }
  }
  return true;
}

bool parse_substitution(struct source *source, struct command *command) {
  struct substitution *to = must_alloc(sizeof *to);
  struct bytes regex = BYTES_NONE;
  struct bytes text = BYTES_NONE;
  int flags = 0;
  bool over = false;
  *to = (struct substitution){.number = 0};
  command->substitution = to;
  int delimiter = source_next(source);
  bool good = delimiter >= 0 && delimiter != '\n' && delimiter != '\\';
  if (!good) source_fail(source, "unterminated `s' command");
  good = good && source_delimited(source, (char)delimiter, true, &regex) &&
         source_delimited(source, (char)delimiter, false, &text);
  if (good) parse_replacement(to, &text);
  while (good && !over) good = parse_flag(source, to, &flags, &over);
  good = good && source_pattern(source, &regex, flags, &to->pattern) && check_groups(source, to);
  bytes_free(&regex);
  bytes_free(&text);
  return good;
}

// The bytes of one side of a y: \\, \n and the delimiter are escaped.
static void unescape(struct bytes *text) {
  size_t to = 0;
  for (size_t at = 0; at < text->length;) {
    char byte = text->data[at++];
    if (byte == '\\' && at < text->length) {
      size_t letter = at;
      char meant;
      if (text->data[letter] == '\\') {
        at += 1;
      } else if (escape_byte(text->data, text->length, &at, &meant)) {
        byte = meant;
      }
    }
    text->data[to++] = byte;
  }
  text->length = to;
}

bool parse_map(struct source *source, struct command *command) {
  struct bytes from = BYTES_NONE;
  struct bytes to = BYTES_NONE;
  int delimiter = source_next(source);
  bool good = delimiter >= 0 && delimiter != '\n' && delimiter != '\\';
  if (!good) source_fail(source, "unterminated `y' command");
  good = good && source_delimited(source, (char)delimiter, false, &from) &&
         source_delimited(source, (char)delimiter, false, &to);
  if (good) {
    unescape(&from);
    unescape(&to);
    if (from.length != to.length) good = source_fail(source, "strings for `y' command are different lengths");
  }
  if (good) {
    command->map = must_alloc(UCHAR_MAX + 1);
    for (int byte = 0; byte <= UCHAR_MAX; byte += 1) command->map[byte] = (unsigned char)byte;
    for (size_t at = 0; at < from.length; at += 1) {
      command->map[(unsigned char)from.data[at]] = (unsigned char)to.data[at];
    }
  }
  bytes_free(&from);
  bytes_free(&to);
  return good;
}

void substitution_free(struct substitution *substitution) {
  if (substitution == NULL) return;
  for (size_t index = 0; index < substitution->part_count; index += 1) bytes_free(&substitution->parts[index].text);
  free(substitution->parts);
  pattern_free(substitution->pattern);
  free(substitution);
}
