#include "sh/expand/expand.h"

#include <string.h>

#include "sh/expand/substitute.h"
#include "sh/parse/parser.h"
#include "sh/shell.h"

void fields_add(struct fields *fields, char *text) {
  if (fields->count + 1 >= fields->capacity) {
    size_t capacity = fields->capacity * 2 + 8;
    char **items = arena_alloc(&scratch, capacity * sizeof *items);
    if (fields->count > 0) memcpy(items, fields->items, fields->count * sizeof *items);
    fields->items = items;
    fields->capacity = capacity;
  }
  fields->items[fields->count++] = text;
  fields->items[fields->count] = NULL;
}

static unsigned char result_mark(bool quoted) { return quoted ? MARK_QUOTED : MARK_SPLIT; }

// Text of an assignment may have a tilde behind each colon.
static void expand_plain(struct expansion *e, const struct part *part, bool first) {
  const char *text = part->text;
  bool whole = part->next == NULL;
  bool in_assignment = e->tilde == TILDE_ASSIGNMENT;
  if (first && *text == '~' && e->tilde != TILDE_NONE) text += expand_tilde(e, text, whole, in_assignment);
  if (!in_assignment) {
    marked_string(&e->out, text, e->text_mark);
    return;
  }
  while (*text != '\0') {
    char c = *text++;
    marked_char(&e->out, c, e->text_mark);
    if (c == ':' && *text == '~') text += expand_tilde(e, text, whole, true);
  }
}

static bool expand_double(struct expansion *e, const struct part *part) {
  size_t before = e->out.length;
  bool nothing = e->nothing;
  e->nothing = false;
  if (!expand_parts(e, part->parts, true)) return false;
  if (e->splits && e->out.length == before && !e->nothing) marked_char(&e->out, '\0', MARK_EMPTY);
  e->nothing = nothing;
  return true;
}

static bool expand_arithmetic(struct expansion *e, const struct part *part, bool quoted) {
  char *text = expand_text(part->parts);
  long long value;
  if (text == NULL || !arithmetic(text, &value)) return false;
  struct text digits = {NULL, 0, 0, &scratch};
  text_number(&digits, value);
  marked_string(&e->out, text_end(&digits), result_mark(quoted));
  return true;
}

static bool expand_substitution(struct expansion *e, const struct part *part, bool quoted) {
  struct text text = {NULL, 0, 0, NULL};
  bool done = shell_substitute(part->body, &text);
  if (done) marked_string(&e->out, text_end(&text), result_mark(quoted));
  text_free(&text);
  return done;
}

static bool expand_part(struct expansion *e, const struct part *part, bool quoted, bool first) {
  switch (part->kind) {
    case PART_TEXT:
      if (quoted) marked_string(&e->out, part->text, MARK_QUOTED);
      else expand_plain(e, part, first);
      return true;
    case PART_QUOTED:
      if (*part->text == '\0' && e->splits) marked_char(&e->out, '\0', MARK_EMPTY);
      marked_string(&e->out, part->text, MARK_QUOTED);
      return true;
    case PART_DOUBLE: return expand_double(e, part);
    case PART_PARAM: return expand_parameter(e, part, quoted);
    case PART_COMMAND: return expand_substitution(e, part, quoted);
    case PART_ARITH: return expand_arithmetic(e, part, quoted);
  }
  return false;
}

bool expand_parts(struct expansion *e, const struct part *parts, bool quoted) {
  for (const struct part *part = parts; part != NULL; part = part->next) {
    if (!expand_part(e, part, quoted, part == parts)) return false;
  }
  return true;
}

// Most words are one piece of text that nothing happens to.
static bool is_simple(const struct part *parts) {
  const char *plain = plain_text(parts);
  if (plain == NULL || strpbrk(plain, "*?~") != NULL) return false;
  const char *bracket = strchr(plain, '[');
  return bracket == NULL || strchr(bracket, ']') == NULL;
}

static bool expand_word(const struct part *parts, struct fields *fields) {
  if (is_simple(parts)) {
    // The tree may go (a function that removes itself) while its fields are in use.
    fields_add(fields, arena_copy(&scratch, parts->text, strlen(parts->text)));
    return true;
  }
  struct expansion e = {.splits = true, .text_mark = MARK_LITERAL, .tilde = TILDE_WORD};
  if (!expand_parts(&e, parts, false)) return false;
  split_fields(&e.out, fields);
  return true;
}

static void end_fields(struct fields *fields) {
  if (fields->capacity > 0) return;
  fields->items = arena_alloc(&scratch, sizeof *fields->items);
  fields->items[0] = NULL;
}

bool expand_words(const struct word *words, struct fields *fields) {
  for (; words != NULL; words = words->next) {
    if (!expand_word(words->parts, fields)) return false;
  }
  end_fields(fields);
  return true;
}

static bool looks_like_assignment(const struct part *parts) {
  if (parts == NULL || parts->kind != PART_TEXT) return false;
  const char *equals = strchr(parts->text, '=');
  if (equals == NULL) return false;
  return is_name(arena_copy(&scratch, parts->text, (size_t)(equals - parts->text)));
}

static char *expand_whole(const struct part *parts, enum tilde tilde) {
  struct expansion e = {.text_mark = MARK_LITERAL, .tilde = tilde};
  return expand_parts(&e, parts, false) ? marked_text(&e.out) : NULL;
}

// name=value: the tilde that may begin the value is not the first of the word.
static char *expand_declared(const struct part *parts) {
  size_t length = (size_t)(strchr(parts->text, '=') + 1 - parts->text);
  struct part rest = *parts;
  rest.text = parts->text + length;
  const char *value = *rest.text == '\0' ? expand_assignment(parts->next) : expand_assignment(&rest);
  if (value == NULL) return NULL;
  struct text text = {NULL, 0, 0, &scratch};
  text_bytes(&text, parts->text, length);
  text_string(&text, value);
  return text_end(&text);
}

bool expand_declaration(const struct word *words, struct fields *fields) {
  for (; words != NULL; words = words->next) {
    if (looks_like_assignment(words->parts)) {
      char *text = expand_declared(words->parts);
      if (text == NULL) return false;
      fields_add(fields, text);
    } else if (!expand_word(words->parts, fields)) {
      return false;
    }
  }
  end_fields(fields);
  return true;
}

char *expand_text(const struct part *parts) { return expand_whole(parts, TILDE_WORD); }

char *expand_assignment(const struct part *value) { return expand_whole(value, TILDE_ASSIGNMENT); }

bool expand_pattern(const struct part *parts, struct marked *pattern) {
  struct expansion e = {.text_mark = MARK_LITERAL, .tilde = TILDE_WORD};
  if (!expand_parts(&e, parts, false)) return false;
  *pattern = e.out;
  return true;
}

bool expansion_is_pure(const struct part *parts, bool substitutions_too) {
  for (const struct part *part = parts; part != NULL; part = part->next) {
    if (part->kind == PART_COMMAND && !substitutions_too) return false;
    if (part->kind == PART_PARAM && part->op == PARAM_ASSIGN) return false;
    if (part->kind == PART_ARITH) {
      for (const struct part *inner = part->parts; inner != NULL; inner = inner->next) {
        if (inner->text != NULL && strpbrk(inner->text, "=+-") != NULL) return false;
      }
    }
    if (!expansion_is_pure(part->parts, substitutions_too)) return false;
  }
  return true;
}
