// Here-documents: the lines behind the one that names their delimiter.
#include <string.h>

#include "sh/parse/parser.h"

// The delimiter is its word without quotes; nothing in it is expanded.
static bool delimiter_text(const struct part *parts, struct text *text) {
  bool quoted = false;
  for (; parts != NULL; parts = parts->next) {
    if (parts->kind == PART_DOUBLE) {
      quoted = true;
      delimiter_text(parts->parts, text);
    } else {
      quoted = quoted || parts->kind == PART_QUOTED;
      if (parts->kind == PART_PARAM) text_char(text, '$');
      if (parts->text != NULL) text_string(text, parts->text);
    }
  }
  return quoted;
}

void add_here_document(struct parser *p, struct redirect *redirect, struct part *delimiter, bool strip_tabs) {
  struct text text = {NULL, 0, 0, p->arena};
  redirect->literal = delimiter_text(delimiter, &text);
  struct pending_here *here = arena_alloc(p->arena, sizeof *here);
  *here = (struct pending_here){NULL, redirect, text_end(&text), strip_tabs};
  struct pending_here **last = &p->pending;
  while (*last != NULL) last = &(*last)->next;
  *last = here;
}

// One line with its newline; false at the end of the input.
static bool take_line(struct parser *p, struct text *line, bool strip_tabs) {
  line->length = 0;
  if (input_peek_raw(p->input) == INPUT_END) return false;
  while (strip_tabs && input_peek_raw(p->input) == '\t') input_next_raw(p->input);
  for (int c = input_next_raw(p->input); c != INPUT_END; c = input_next_raw(p->input)) {
    text_char(line, (char)c);
    if (c == '\n') break;
  }
  return true;
}

static bool is_delimiter(const struct text *line, const char *delimiter) {
  size_t length = line->length;
  if (length > 0 && line->data[length - 1] == '\n') length -= 1;
  return length == strlen(delimiter) && (length == 0 || memcmp(line->data, delimiter, length) == 0);
}

// A line that a backslash continues is not taken for the delimiter.
static bool is_continued(const struct text *body) {
  size_t count = 0;
  size_t length = body->length;
  if (length == 0 || body->data[length - 1] != '\n') return false;
  while (count + 1 < length && body->data[length - 2 - count] == '\\') count += 1;
  return count % 2 == 1;
}

static struct part *parse_body(struct parser *p, const char *text, size_t length) {
  struct input input;
  input_from_text(&input, text, length);
  input.line = p->input->line;
  input.no_aliases = p->input->no_aliases;
  struct parser inner = {.input = &input, .arena = p->arena, .depth = p->depth};
  struct part *parts = parse_parts(&inner, CONTEXT_HERE);
  p->failed = p->failed || inner.failed;
  shell_input_close(&input);
  return parts;
}

static void read_one(struct parser *p, const struct pending_here *here) {
  struct text body = {NULL, 0, 0, NULL};
  struct text line = {NULL, 0, 0, NULL};
  bool literal = here->redirect->literal;
  while (take_line(p, &line, here->strip_tabs)) {
    if ((literal || !is_continued(&body)) && is_delimiter(&line, here->delimiter)) break;
    text_bytes(&body, line.data, line.length);
  }
  if (literal) {
    struct part *part = new_part(p, PART_QUOTED);
    part->text = arena_copy(p->arena, text_end(&body), body.length);
    here->redirect->target = part;
  } else {
    here->redirect->target = parse_body(p, text_end(&body), body.length);
  }
  text_free(&body);
  text_free(&line);
}

void read_here_documents(struct parser *p) {
  struct pending_here *here = p->pending;
  p->pending = NULL;
  for (; here != NULL && !p->failed; here = here->next) read_one(p, here);
}
