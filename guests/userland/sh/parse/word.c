// Words: a list of parts, by what they are in.
#include <string.h>

#include "sh/parse/parser.h"

// What is collected between two parts that are more than text.
struct pieces {
  struct parser *p;
  struct part *first;
  struct part **place;
  struct text text;
  enum part_kind kind;  // of the text: PART_TEXT or PART_QUOTED
  int parentheses;      // open in an arithmetic expression
};

bool is_quoting(enum context context) {
  return context == CONTEXT_DOUBLE || context == CONTEXT_BRACE_DOUBLE || context == CONTEXT_HERE ||
         context == CONTEXT_ARITH;
}

struct part *new_part(struct parser *p, enum part_kind kind) {
  struct part *part = arena_alloc(p->arena, sizeof *part);
  *part = (struct part){.kind = kind};
  return part;
}

static void add_part(struct pieces *pieces, struct part *part) {
  *pieces->place = part;
  pieces->place = &part->next;
}

static void end_text(struct pieces *pieces) {
  if (pieces->text.length == 0) return;
  struct part *part = new_part(pieces->p, pieces->kind);
  part->text = arena_copy(pieces->p->arena, pieces->text.data, pieces->text.length);
  pieces->text.length = 0;
  add_part(pieces, part);
}

static void add_char(struct pieces *pieces, enum part_kind kind, char c) {
  if (kind != pieces->kind) end_text(pieces);
  pieces->kind = kind;
  text_char(&pieces->text, c);
}

static void add_quoted(struct pieces *pieces, const char *bytes, size_t length) {
  end_text(pieces);
  struct part *part = new_part(pieces->p, PART_QUOTED);
  part->text = arena_copy(pieces->p->arena, bytes, length);
  add_part(pieces, part);
}

static void single_quotes(struct pieces *pieces) {
  struct text text = {NULL, 0, 0, NULL};
  for (;;) {
    int c = input_next_raw(pieces->p->input);
    if (c == '\'') break;
    if (c == INPUT_END) {
      parse_failed(pieces->p, "'");
      break;
    }
    text_char(&text, (char)c);
  }
  add_quoted(pieces, text_end(&text), text.length);
  text_free(&text);
}

static void dollar_quotes(struct pieces *pieces) {
  struct text text = {NULL, 0, 0, NULL};
  parse_dollar_quote(pieces->p, &text);
  add_quoted(pieces, text_end(&text), text.length);
  text_free(&text);
}

static void double_quotes(struct pieces *pieces) {
  end_text(pieces);
  struct part *part = new_part(pieces->p, PART_DOUBLE);
  part->parts = parse_parts(pieces->p, CONTEXT_DOUBLE);
  add_part(pieces, part);
}

// What a backslash takes the meaning of, in quotes.
static bool is_escapable(enum context context, int c) {
  if (c == INPUT_END) return false;
  if (strchr("$`\\", c) != NULL) return true;
  if (c == '"') return context != CONTEXT_HERE && context != CONTEXT_ARITH;
  return c == '}' && context == CONTEXT_BRACE_DOUBLE;
}

static void backslash(struct pieces *pieces, enum context context) {
  struct input *input = pieces->p->input;
  int c = input_peek_raw(input);
  if (!is_quoting(context)) {
    // A backslash at the very end stands for itself.
    if (c == INPUT_END) c = '\\';
    else input_next_raw(input);
    char quoted = (char)c;
    add_quoted(pieces, &quoted, 1);
  } else if (is_escapable(context, c)) {
    input_next_raw(input);
    add_char(pieces, PART_TEXT, (char)c);
  } else {
    add_char(pieces, PART_TEXT, '\\');
  }
}

static bool in_arithmetic_ends(struct pieces *pieces, int c) {
  if (c == '(') pieces->parentheses += 1;
  if (c != ')') return false;
  if (pieces->parentheses == 0) return true;
  pieces->parentheses -= 1;
  return false;
}

static bool ends(struct pieces *pieces, enum context context, int c) {
  switch (context) {
    case CONTEXT_PLAIN: return is_metacharacter(c);
    case CONTEXT_DOUBLE: return c == '"';
    case CONTEXT_BRACE:
    case CONTEXT_BRACE_DOUBLE: return c == '}';
    case CONTEXT_HERE: return false;
    case CONTEXT_ARITH: return in_arithmetic_ends(pieces, c);
  }
  return false;
}

// What must still come is said; a here-document and a plain word may end anywhere.
static void at_end(struct pieces *pieces, enum context context) {
  if (context == CONTEXT_DOUBLE) parse_failed(pieces->p, "\"");
  else if (context == CONTEXT_BRACE || context == CONTEXT_BRACE_DOUBLE) parse_failed(pieces->p, "}");
  else if (context == CONTEXT_ARITH) parse_failed(pieces->p, "))");
}

static void dollar(struct pieces *pieces, enum context context) {
  struct input *input = pieces->p->input;
  if (input_peek(input) == '\'' && !is_quoting(context)) {
    input_next_raw(input);
    dollar_quotes(pieces);
    return;
  }
  struct part *part = parse_dollar(pieces->p, context);
  if (part == NULL) {
    add_char(pieces, PART_TEXT, '$');
    return;
  }
  end_text(pieces);
  add_part(pieces, part);
}

static void special(struct pieces *pieces, enum context context, int c) {
  if (c == '$') {
    dollar(pieces, context);
  } else if (c == '`') {
    end_text(pieces);
    add_part(pieces, parse_backquote(pieces->p, context));
  } else if (c == '\\') {
    backslash(pieces, context);
  } else if (c == '\'' && !is_quoting(context)) {
    single_quotes(pieces);
  } else if (c == '"' && context != CONTEXT_HERE && context != CONTEXT_ARITH) {
    double_quotes(pieces);
  } else {
    add_char(pieces, PART_TEXT, (char)c);
  }
}

struct part *parse_parts(struct parser *p, enum context context) {
  struct pieces pieces = {.p = p, .kind = PART_TEXT};
  pieces.place = &pieces.first;
  while (!p->failed) {
    int c = input_peek(p->input);
    if (ends(&pieces, context, c)) {
      if (context != CONTEXT_PLAIN) input_next_raw(p->input);
      break;
    }
    if (c == INPUT_END) {
      at_end(&pieces, context);
      break;
    }
    input_next_raw(p->input);
    special(&pieces, context, c);
  }
  end_text(&pieces);
  text_free(&pieces.text);
  return pieces.first;
}
