#include "sh/parse/print.h"

#include <string.h>

// Here-documents wait for the next newline, as in the source.
struct here {
  struct here *next;
  const struct redirect *redirect;
  char delimiter[24];
};

struct printer {
  struct text *text;
  bool brief;
  struct here *heres;
};

static void print(struct printer *p, const struct node *node);

static void flush_heres(struct printer *p) {
  struct here *here = p->heres;
  p->heres = NULL;
  for (; here != NULL; here = here->next) {
    const struct part *body = here->redirect->target;
    if (here->redirect->literal) text_string(p->text, body->text);
    else print_parts(p->text, body, QUOTING_HERE);
    if (p->text->length > 0 && p->text->data[p->text->length - 1] != '\n') text_char(p->text, '\n');
    text_string(p->text, here->delimiter);
    text_char(p->text, '\n');
  }
}

// Between commands.
static void end_line(struct printer *p) {
  if (p->brief) {
    text_string(p->text, "; ");
    return;
  }
  text_char(p->text, '\n');
  flush_heres(p);
}

// A name that no line of the text is.
static void choose_delimiter(struct here *here) {
  struct text body = {NULL, 0, 0, &scratch};
  const struct redirect *redirect = here->redirect;
  if (redirect->literal) text_string(&body, redirect->target->text);
  else print_parts(&body, redirect->target, QUOTING_HERE);
  struct text name = {NULL, 0, 0, &scratch};
  for (int number = 0;; number += 1) {
    name.length = 0;
    text_string(&name, "END");
    text_number(&name, number);
    if (strstr(text_end(&body), text_end(&name)) == NULL) break;
  }
  memcpy(here->delimiter, name.data, name.length + 1);
}

static void print_here(struct printer *p, const struct redirect *redirect) {
  if (p->brief) {
    text_string(p->text, "...");
    return;
  }
  struct here *here = arena_alloc(&scratch, sizeof *here);
  *here = (struct here){.redirect = redirect};
  choose_delimiter(here);
  if (redirect->literal) text_quoted(p->text, here->delimiter);
  else text_string(p->text, here->delimiter);
  struct here **last = &p->heres;
  while (*last != NULL) last = &(*last)->next;
  *last = here;
}

static void print_redirects(struct printer *p, const struct redirect *redirect) {
  static const char *const operators[] = {
    [REDIRECT_READ] = "<",        [REDIRECT_WRITE] = ">",      [REDIRECT_CLOBBER] = ">|",
    [REDIRECT_APPEND] = ">>",     [REDIRECT_READ_WRITE] = "<>", [REDIRECT_DUP_IN] = "<&",
    [REDIRECT_DUP_OUT] = ">&",    [REDIRECT_HERE] = "<<",
  };
  for (; redirect != NULL; redirect = redirect->next) {
    text_char(p->text, ' ');
    text_number(p->text, redirect->fd);
    text_string(p->text, operators[redirect->kind]);
    if (redirect->kind == REDIRECT_HERE) print_here(p, redirect);
    else print_parts(p->text, redirect->target, QUOTING_NONE);
  }
}

static void print_words(struct printer *p, const struct word *word, const char *between) {
  for (bool first = true; word != NULL; word = word->next, first = false) {
    if (!first) text_string(p->text, between);
    print_parts(p->text, word->parts, QUOTING_NONE);
  }
}

static void print_simple(struct printer *p, const struct node *node) {
  bool first = true;
  for (const struct assignment *a = node->assignments; a != NULL; a = a->next) {
    if (!first) text_char(p->text, ' ');
    first = false;
    text_string(p->text, a->name);
    text_char(p->text, '=');
    print_parts(p->text, a->value, QUOTING_NONE);
  }
  if (!first && node->words != NULL) text_char(p->text, ' ');
  print_words(p, node->words, " ");
}

static void print_block(struct printer *p, const char *before, const struct node *node) {
  text_string(p->text, before);
  text_char(p->text, p->brief ? ' ' : '\n');
  if (!p->brief) flush_heres(p);
  if (node == NULL) return;
  print(p, node);
  end_line(p);
}

static void print_if(struct printer *p, const struct node *node) {
  print_block(p, "if", node->first);
  print_block(p, "then", node->second);
  if (node->third != NULL) print_block(p, "else", node->third);
  text_string(p->text, "fi");
}

static void print_for(struct printer *p, const struct node *node) {
  text_string(p->text, "for ");
  text_string(p->text, node->name);
  if (!node->over_params) {
    text_string(p->text, " in ");
    print_words(p, node->words, " ");
  }
  end_line(p);
  print_block(p, "do", node->second);
  text_string(p->text, "done");
}

static void print_case(struct printer *p, const struct node *node) {
  text_string(p->text, "case ");
  print_words(p, node->words, " ");
  print_block(p, " in", NULL);
  for (const struct case_item *item = node->items; item != NULL; item = item->next) {
    text_char(p->text, '(');
    print_words(p, item->patterns, " | ");
    print_block(p, ")", item->body);
    text_string(p->text, item->falls_through ? ";&" : ";;");
    text_char(p->text, p->brief ? ' ' : '\n');
  }
  text_string(p->text, "esac");
}

static void print_pipeline(struct printer *p, const struct node *node) {
  for (const struct node *stage = node->first; stage != NULL; stage = stage->next) {
    print(p, stage);
    if (stage->next != NULL) text_string(p->text, " | ");
  }
}

// && and || have no precedence over one another: what is on the right is one pipeline.
static void print_and_or(struct printer *p, const struct node *node) {
  print(p, node->first);
  text_string(p->text, node->kind == NODE_AND ? " && " : " || ");
  print(p, node->second);
}

static void print_sequence(struct printer *p, const struct node *node) {
  for (const struct node *item = node->first; item != NULL; item = item->next) {
    print(p, item);
    if (item->next == NULL) break;
    // & separates by itself.
    if (p->brief && item->kind == NODE_BACKGROUND) text_char(p->text, ' ');
    else end_line(p);
  }
}

static void print_kind(struct printer *p, const struct node *node) {
  switch (node->kind) {
    case NODE_SIMPLE: print_simple(p, node); break;
    case NODE_PIPELINE: print_pipeline(p, node); break;
    case NODE_NOT:
      text_string(p->text, "! ");
      print(p, node->first);
      break;
    case NODE_AND:
    case NODE_OR: print_and_or(p, node); break;
    case NODE_SEQUENCE: print_sequence(p, node); break;
    case NODE_BACKGROUND:
      print(p, node->first);
      text_string(p->text, " &");
      break;
    case NODE_SUBSHELL:
      print_block(p, "(", node->first);
      text_char(p->text, ')');
      break;
    case NODE_GROUP:
      print_block(p, "{", node->first);
      text_char(p->text, '}');
      break;
    case NODE_IF: print_if(p, node); break;
    case NODE_WHILE:
    case NODE_UNTIL:
      print_block(p, node->kind == NODE_WHILE ? "while" : "until", node->first);
      print_block(p, "do", node->second);
      text_string(p->text, "done");
      break;
    case NODE_FOR: print_for(p, node); break;
    case NODE_CASE: print_case(p, node); break;
    case NODE_FUNCTION:
      text_string(p->text, node->name);
      text_string(p->text, "() ");
      print(p, node->second);
      break;
  }
}

static void print(struct printer *p, const struct node *node) {
  print_kind(p, node);
  print_redirects(p, node->redirects);
}

void print_node(struct text *text, const struct node *node) {
  struct printer p = {.text = text};
  struct mark mark = arena_mark(&scratch);
  print(&p, node);
  end_line(&p);
  arena_release(&scratch, mark);
}

void print_as_body(struct text *text, const struct node *node) {
  struct node body = *node;
  if (body.kind == NODE_SUBSHELL) body.kind = NODE_GROUP;
  print_node(text, &body);
}

void print_function(struct text *text, const struct node *node) { print_node(text, node); }

void print_short(struct text *text, const struct node *node) {
  struct printer p = {.text = text, .brief = true};
  print(&p, node);
}
