// $name, ${name…}.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sh/expand/expand.h"
#include "sh/memory/text.h"
#include "sh/shell.h"
#include "sh/vars/variable.h"

static char *number_text(long long number) {
  struct text text = {NULL, 0, 0, &scratch};
  text_number(&text, number);
  return text_end(&text);
}

static const char *positional(const char *digits) {
  unsigned long number = strtoul(digits, NULL, 10);
  if (number == 0) return shell.name;
  return strlen(digits) < 10 && number <= (unsigned long)shell.param_count ? shell.params[number - 1] : NULL;
}

// The first of IFS, which joins "$*"; NULL: nothing does.
static const char *separator(void) {
  const char *ifs = variable_value("IFS");
  if (ifs == NULL) return " ";
  return *ifs == '\0' ? NULL : ifs;
}

static char *joined_params(void) {
  const char *between = separator();
  struct text text = {NULL, 0, 0, &scratch};
  for (int i = 0; i < shell.param_count; i += 1) {
    if (i > 0 && between != NULL) text_char(&text, *between);
    text_string(&text, shell.params[i]);
  }
  return text_end(&text);
}

static const char *special_value(char name) {
  char letters[OPTION_COUNT + 1];
  switch (name) {
    case '?': return number_text(shell.status);
    case '$': return number_text(shell.pid);
    case '#': return number_text(shell.param_count);
    case '!': return shell.last_background == 0 ? NULL : number_text(shell.last_background);
    case '-': options_letters(letters); return arena_copy(&scratch, letters, strlen(letters));
    default: return shell.param_count == 0 ? NULL : joined_params();
  }
}

const char *parameter_value(const char *name) {
  if (*name >= '0' && *name <= '9') return positional(name);
  if (strchr("@*#?-$!", *name) != NULL) return special_value(*name);
  if (strcmp(name, "LINENO") == 0) return number_text(shell.line);
  return variable_value(name);
}

static bool is_all(const char *name) { return *name == '@' || *name == '*'; }

static unsigned char mark_of(bool quoted) { return quoted ? MARK_QUOTED : MARK_SPLIT; }

struct cut {
  enum param_op op;
  struct pattern pattern;
};

// What is left of a value when the shortest or longest part that matches is cut off.
static char *cut_off(struct cut cut, const char *value) {
  size_t length = strlen(value);
  bool prefix = cut.op == PARAM_CUT_PREFIX || cut.op == PARAM_CUT_PREFIX_LONG;
  bool longest = cut.op == PARAM_CUT_PREFIX_LONG || cut.op == PARAM_CUT_SUFFIX_LONG;
  for (size_t i = 0; i <= length; i += 1) {
    size_t size = longest ? length - i : i;
    const char *part = prefix ? value : value + length - size;
    if (!marked_matches(cut.pattern, part, size)) continue;
    return prefix ? arena_copy(&scratch, value + size, length - size) : arena_copy(&scratch, value, length - size);
  }
  return arena_copy(&scratch, value, length);
}

static void emit_value(struct expansion *e, const char *value, bool quoted) {
  // A value that is quoted may be an empty field: of that the quotes take care (expand_double).
  marked_string(&e->out, value, mark_of(quoted));
}

// $@ and $*, each parameter cut where there is something to cut.
static void emit_params(struct expansion *e, char name, bool quoted, const struct cut *cut) {
  if (quoted && name == '@' && shell.param_count == 0) e->nothing = true;
  bool fields = e->splits && (name == '@' || !quoted);
  const char *between = name == '@' ? " " : separator();
  for (int i = 0; i < shell.param_count; i += 1) {
    if (i > 0 && fields) marked_char(&e->out, '\0', MARK_BREAK);
    else if (i > 0 && between != NULL) marked_char(&e->out, *between, mark_of(quoted));
    const char *value = shell.params[i];
    if (cut != NULL) value = cut_off(*cut, value);
    if (fields && quoted && *value == '\0') marked_char(&e->out, '\0', MARK_EMPTY);
    marked_string(&e->out, value, mark_of(quoted));
  }
}

static bool not_set(const char *name) {
  if (!shell.options[OPTION_NO_UNSET] || is_all(name)) return true;
  shell_error("%s: parameter not set", name);
  return false;
}

static bool emit_plain(struct expansion *e, const struct part *part, bool quoted) {
  if (is_all(part->text)) {
    emit_params(e, *part->text, quoted, NULL);
    return true;
  }
  const char *value = parameter_value(part->text);
  if (value == NULL) return not_set(part->text);
  emit_value(e, value, quoted);
  return true;
}

static bool emit_length(struct expansion *e, const struct part *part, bool quoted) {
  if (is_all(part->text)) {
    emit_value(e, number_text(shell.param_count), quoted);
    return true;
  }
  const char *value = parameter_value(part->text);
  if (value == NULL && !not_set(part->text)) return false;
  emit_value(e, number_text(value == NULL ? 0 : (long long)strlen(value)), quoted);
  return true;
}

static bool emit_cut(struct expansion *e, const struct part *part, bool quoted) {
  struct cut cut = {.op = part->op};
  struct marked pattern;
  const char *value = parameter_value(part->text);
  if (value == NULL && !not_set(part->text)) return false;
  if (!expand_pattern(part->parts, &pattern)) return false;
  cut.pattern = marked_pattern(&pattern);
  if (is_all(part->text)) emit_params(e, *part->text, quoted, &cut);
  else if (value != NULL) emit_value(e, cut_off(cut, value), quoted);
  return true;
}

// The word of ${x-word}: its text without quotes is split as a value is.
static bool emit_word(struct expansion *e, const struct part *part, bool quoted) {
  unsigned char text_mark = e->text_mark;
  enum tilde tilde = e->tilde;
  e->text_mark = e->splits ? MARK_SPLIT : MARK_LITERAL;
  e->tilde = quoted ? TILDE_NONE : TILDE_WORD;
  bool done = expand_parts(e, part->parts, quoted);
  e->text_mark = text_mark;
  e->tilde = tilde;
  return done;
}

static char *word_text(const struct part *part, bool quoted) {
  struct expansion e = {.text_mark = MARK_LITERAL, .tilde = quoted ? TILDE_NONE : TILDE_WORD};
  return expand_parts(&e, part->parts, quoted) ? marked_text(&e.out) : NULL;
}

static bool assign(struct expansion *e, const struct part *part, bool quoted) {
  char *value = word_text(part, quoted);
  if (value == NULL) return false;
  if (strchr("@*#?-$!0123456789", *part->text) != NULL) {
    shell_error("%s: bad variable name", part->text);
    return false;
  }
  if (!variable_set(part->text, value)) return false;
  emit_value(e, value, quoted);
  return true;
}

static bool refuse(const struct part *part, bool quoted) {
  char *text = word_text(part, quoted);
  if (text == NULL) return false;
  if (part->parts == NULL) text = part->colon ? "parameter not set or null" : "parameter not set";
  shell_error("%s: %s", part->text, text);
  return false;
}

// Set, and with a colon not empty.
static bool counts_as_set(const struct part *part) {
  const char *value = parameter_value(part->text);
  return value != NULL && (!part->colon || *value != '\0');
}

bool expand_parameter(struct expansion *e, const struct part *part, bool quoted) {
  switch (part->op) {
    case PARAM_PLAIN: return emit_plain(e, part, quoted);
    case PARAM_LENGTH: return emit_length(e, part, quoted);
    case PARAM_CUT_PREFIX:
    case PARAM_CUT_PREFIX_LONG:
    case PARAM_CUT_SUFFIX:
    case PARAM_CUT_SUFFIX_LONG: return emit_cut(e, part, quoted);
    case PARAM_ALTERNATIVE: return counts_as_set(part) ? emit_word(e, part, quoted) : true;
    case PARAM_BAD: shell_error("Bad substitution"); return false;
    default: break;
  }
  if (counts_as_set(part)) return emit_plain(e, part, quoted);
  if (part->op == PARAM_DEFAULT) return emit_word(e, part, quoted);
  return part->op == PARAM_ASSIGN ? assign(e, part, quoted) : refuse(part, quoted);
}
