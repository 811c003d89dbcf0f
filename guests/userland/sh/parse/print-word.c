#include <string.h>

#include "sh/parse/print.h"

// What needs a backslash, by where it is.
static const char *const escaped[] = {
  [QUOTING_NONE] = "",
  [QUOTING_DOUBLE] = "$`\"\\",
  [QUOTING_BRACE_DOUBLE] = "$`\"\\}",
  [QUOTING_HERE] = "$`\\",
  [QUOTING_ARITH] = "$`\\",
};

static void print_text(struct text *text, const char *string, enum quoting quoting) {
  for (; *string != '\0'; string += 1) {
    if (strchr(escaped[quoting], *string) != NULL) text_char(text, '\\');
    text_char(text, *string);
  }
}

static const char *operator_of(const struct part *part) {
  static const char *const operators[] = {
    [PARAM_PLAIN] = "",           [PARAM_LENGTH] = "",           [PARAM_DEFAULT] = "-",
    [PARAM_ASSIGN] = "=",         [PARAM_ERROR] = "?",           [PARAM_ALTERNATIVE] = "+",
    [PARAM_CUT_PREFIX] = "#",     [PARAM_CUT_PREFIX_LONG] = "##", [PARAM_CUT_SUFFIX] = "%",
    [PARAM_CUT_SUFFIX_LONG] = "%%", [PARAM_BAD] = "@",
  };
  return operators[part->op];
}

static void print_parameter(struct text *text, const struct part *part, enum quoting quoting) {
  bool cut = part->op >= PARAM_CUT_PREFIX;
  enum quoting inner = cut || quoting == QUOTING_NONE ? QUOTING_NONE : QUOTING_BRACE_DOUBLE;
  text_string(text, part->op == PARAM_LENGTH ? "${#" : "${");
  text_string(text, part->text);
  if (part->colon) text_char(text, ':');
  text_string(text, operator_of(part));
  if (part->op != PARAM_BAD) print_parts(text, part->parts, inner);
  text_char(text, '}');
}

static void print_substitution(struct text *text, const struct part *part) {
  // A space, as $(( would be arithmetic.
  text_string(text, "$( ");
  if (part->body != NULL) print_node(text, part->body);
  text_char(text, ')');
}

static void print_part(struct text *text, const struct part *part, enum quoting quoting) {
  switch (part->kind) {
    case PART_TEXT: print_text(text, part->text, quoting); break;
    case PART_QUOTED: text_quoted(text, part->text); break;
    case PART_PARAM: print_parameter(text, part, quoting); break;
    case PART_COMMAND: print_substitution(text, part); break;
    case PART_DOUBLE:
      text_char(text, '"');
      print_parts(text, part->parts, QUOTING_DOUBLE);
      text_char(text, '"');
      break;
    case PART_ARITH:
      text_string(text, "$((");
      print_parts(text, part->parts, QUOTING_ARITH);
      text_string(text, "))");
      break;
  }
}

void print_parts(struct text *text, const struct part *parts, enum quoting quoting) {
  for (; parts != NULL; parts = parts->next) print_part(text, parts, quoting);
}
