#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lib/message.h"
#include "text/sed/sed.h"

// How the letters that follow are written: all of them (U L), and the next one alone (u l).
struct letters {
  char all;
  char next;
};

static void add_converted(struct bytes *to, const char *text, size_t length, struct letters *letters) {
  if (letters->all == 0 && letters->next == 0) {
    bytes_add(to, text, length);
    return;
  }
  for (size_t at = 0; at < length; at += 1) {
    int byte = (unsigned char)text[at];
    char how = letters->next != 0 ? letters->next : letters->all;
    if (how == 'u' || how == 'U') byte = toupper(byte);
    else if (how == 'l' || how == 'L') byte = tolower(byte);
    letters->next = 0;
    bytes_byte(to, (char)byte);
  }
}

static void set_letters(struct letters *letters, char letter) {
  if (letter == 'u' || letter == 'l') {
    letters->next = letter;
    return;
  }
  letters->all = letter == 'E' ? 0 : letter;
  letters->next = 0;
}

static void add_replacement(const struct substitution *how, const char *text, const struct span *spans,
                            struct bytes *to) {
  struct letters letters = {0, 0};
  for (size_t index = 0; index < how->part_count; index += 1) {
    const struct part *part = &how->parts[index];
    if (part->kind == PART_CASE) set_letters(&letters, part->letter);
    else if (part->kind == PART_TEXT) add_converted(to, part->text.data, part->text.length, &letters);
    else if (spans[part->group].start >= 0) {
      const struct span *span = &spans[part->group];
      add_converted(to, text + span->start, (size_t)(span->end - span->start), &letters);
    }
  }
}

// All of it, the replaced text being in `scratch` at the end.
static bool replace(const struct substitution *how, struct pattern *pattern, const struct bytes *space,
                    struct bytes *to) {
  struct span spans[PATTERN_GROUPS];
  size_t from = 0;
  ptrdiff_t last_end = -1;
  int64_t count = 0;
  bool some = false;
  while (pattern_find(pattern, space->data, space->length, from, spans, PATTERN_GROUPS)) {
    size_t start = (size_t)spans[0].start;
    size_t end = (size_t)spans[0].end;
    bytes_add(to, space->data + from, start - from);
    // Nothing right behind a match is none.
    bool counts = end > start || spans[0].start != last_end;
    if (counts) count += 1;
    bool replaces = counts && count >= (how->number == 0 ? 1 : how->number);
    if (replaces) add_replacement(how, space->data, spans, to);
    else bytes_add(to, space->data + start, end - start);
    some = some || replaces;
    from = end;
    last_end = spans[0].end;
    if (replaces && !how->global) break;
    if (end == start) {
      if (end >= space->length) break;
      bytes_byte(to, space->data[end]);
      from = end + 1;
    }
  }
  if (from < space->length) bytes_add(to, space->data + from, space->length - from);
  return some;
}

bool substitute(struct machine *machine, const struct substitution *substitution) {
  if (substitution->pattern != NULL) machine->last = substitution->pattern;
  if (machine->last == NULL) {
    message("no previous regular expression");
    exit(BAD_SCRIPT);
  }
  bytes_clear(&machine->scratch);
  if (!replace(substitution, machine->last, &machine->space, &machine->scratch)) return false;
  bytes_swap(&machine->space, &machine->scratch);
  return true;
}
