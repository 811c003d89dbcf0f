// What a $ begins, and backquotes.
#include <ctype.h>
#include <string.h>

#include "sh/parse/parser.h"

static const char *const SPECIAL = "@*#?-$!";

static bool begins_name(int c) { return c == '_' || (c != INPUT_END && c < 128 && isalpha(c)); }
static bool in_name(int c) { return begins_name(c) || (c >= '0' && c <= '9'); }

// Takes the name, number or special parameter that begins here; NULL when none does.
static const char *take_name(struct parser *p, bool all_digits) {
  struct text name = {NULL, 0, 0, p->arena};
  int c = input_peek(p->input);
  if (begins_name(c)) {
    while (in_name(input_peek(p->input))) text_char(&name, (char)input_next_raw(p->input));
  } else if (c >= '0' && c <= '9') {
    do text_char(&name, (char)input_next_raw(p->input));
    while (all_digits && isdigit(input_peek(p->input)));
  } else if (c != INPUT_END && c != '\0' && strchr(SPECIAL, c) != NULL) {
    text_char(&name, (char)input_next_raw(p->input));
  } else {
    return NULL;
  }
  return text_end(&name);
}

static struct part *bad(struct parser *p, struct part *part) {
  part->op = PARAM_BAD;
  part->text = part->text == NULL ? "" : part->text;
  part->parts = parse_parts(p, CONTEXT_BRACE);
  return part;
}

// Takes `single`, or `doubled` where it stands twice.
static enum param_op take_cut(struct parser *p, int c, enum param_op single, enum param_op doubled) {
  if (input_peek(p->input) != c) return single;
  input_next_raw(p->input);
  return doubled;
}

static struct part *operator_of(struct parser *p, struct part *part, enum context context) {
  enum context inner = is_quoting(context) ? CONTEXT_BRACE_DOUBLE : CONTEXT_BRACE;
  if (input_peek(p->input) == ':') {
    input_next_raw(p->input);
    part->colon = true;
  }
  int c = input_peek(p->input);
  bool cut = c == '#' || c == '%';
  if (c == INPUT_END || c == '\0' || strchr("-=?+#%", c) == NULL || (part->colon && cut)) return bad(p, part);
  input_next_raw(p->input);
  switch (c) {
    case '-': part->op = PARAM_DEFAULT; break;
    case '=': part->op = PARAM_ASSIGN; break;
    case '?': part->op = PARAM_ERROR; break;
    case '+': part->op = PARAM_ALTERNATIVE; break;
    case '#': part->op = take_cut(p, '#', PARAM_CUT_PREFIX, PARAM_CUT_PREFIX_LONG); break;
    default: part->op = take_cut(p, '%', PARAM_CUT_SUFFIX, PARAM_CUT_SUFFIX_LONG); break;
  }
  // A pattern is quoted by its own quotes alone.
  part->parts = parse_parts(p, cut ? CONTEXT_BRACE : inner);
  return part;
}

// ${#}, ${#x}, and ${#-w}, ${##w} where # is the parameter itself.
static bool is_length(struct parser *p) {
  if (input_peek(p->input) != '#') return false;
  size_t at = p->input->at;
  int line = p->input->line;
  input_next_raw(p->input);
  const char *name = take_name(p, true);
  bool length = name != NULL && input_peek(p->input) == '}';
  p->input->at = at;
  p->input->line = line;
  return length;
}

static struct part *braces(struct parser *p, enum context context) {
  struct part *part = new_part(p, PART_PARAM);
  if (!parse_deeper(p)) return part;
  if (is_length(p)) {
    input_next_raw(p->input);
    part->op = PARAM_LENGTH;
  }
  part->text = take_name(p, true);
  if (part->text != NULL && input_peek(p->input) == '}') input_next_raw(p->input);
  else if (part->text == NULL) bad(p, part);
  else operator_of(p, part, context);
  p->depth -= 1;
  return part;
}

static struct part *substitution(struct parser *p) {
  struct part *part = new_part(p, PART_COMMAND);
  // The command that is being read goes on behind it, with its own look-ahead and here-documents.
  struct pending_here *pending = p->pending;
  struct token token = p->token;
  p->pending = NULL;
  p->peeked = false;
  if (parse_deeper(p)) {
    part->body = parse_list(p);
    if (!p->failed && !accept_token(p, TOKEN_CLOSE)) parse_failed(p, ")");
    p->depth -= 1;
  }
  p->pending = pending;
  p->token = token;
  p->peeked = false;
  return part;
}

// $(( may also be $( ( …: it is arithmetic when it ends with )).
static bool ends_as_arithmetic(struct parser *p) {
  size_t at = p->input->at;
  int line = p->input->line;
  int depth = 0;
  bool ends = false;
  for (int c = input_next(p->input); c != INPUT_END; c = input_next(p->input)) {
    if (c == '(') depth += 1;
    if (c == ')' && depth == 0) {
      ends = input_peek(p->input) == ')';
      break;
    }
    if (c == ')') depth -= 1;
  }
  p->input->at = at;
  p->input->line = line;
  return ends;
}

static struct part *parentheses(struct parser *p) {
  size_t at = p->input->at;
  if (input_peek(p->input) != '(') return substitution(p);
  input_next_raw(p->input);
  if (!ends_as_arithmetic(p)) {
    p->input->at = at;
    return substitution(p);
  }
  struct part *part = new_part(p, PART_ARITH);
  if (!parse_deeper(p)) return part;
  part->parts = parse_parts(p, CONTEXT_ARITH);
  if (!p->failed && input_next(p->input) != ')') parse_failed(p, "))");
  p->depth -= 1;
  return part;
}

struct part *parse_dollar(struct parser *p, enum context context) {
  int c = input_peek(p->input);
  if (c == '(' || c == '{') {
    input_next_raw(p->input);
    return c == '(' ? parentheses(p) : braces(p, context);
  }
  const char *name = take_name(p, false);
  if (name == NULL) return NULL;
  struct part *part = new_part(p, PART_PARAM);
  part->text = name;
  return part;
}

// The text between backquotes, without the backslashes that they need.
static void take_backquoted(struct parser *p, enum context context, struct text *text) {
  for (;;) {
    int c = input_next_raw(p->input);
    if (c == '`') return;
    if (c == '\\') {
      c = input_peek_raw(p->input);
      bool dropped = c != INPUT_END && (strchr("$`\\", c) != NULL || (c == '"' && is_quoting(context)));
      if (!dropped) text_char(text, '\\');
      if (c != INPUT_END) input_next_raw(p->input);
    }
    if (c == INPUT_END) {
      parse_failed(p, "`");
      return;
    }
    text_char(text, (char)c);
  }
}

struct part *parse_backquote(struct parser *p, enum context context) {
  struct part *part = new_part(p, PART_COMMAND);
  struct text text = {NULL, 0, 0, NULL};
  take_backquoted(p, context, &text);
  if (!p->failed && parse_deeper(p)) {
    struct input input;
    input_from_text(&input, text_end(&text), text.length);
    input.line = p->input->line;
    input.no_aliases = p->input->no_aliases;
    struct parser inner = {.input = &input, .arena = p->arena, .depth = p->depth};
    part->body = parse_list(&inner);
    if (!inner.failed && peek_token(&inner)->kind != TOKEN_END) parse_failed(&inner, NULL);
    p->failed = p->failed || inner.failed;
    shell_input_close(&input);
    p->depth -= 1;
  }
  text_free(&text);
  return part;
}
