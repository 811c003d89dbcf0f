// Compound commands: groups, subshells, conditions, loops and case.
#include <string.h>

#include "sh/parse/parser.h"

static bool expect_word(struct parser *p, const char *word) {
  if (accept_word(p, word)) return true;
  parse_failed(p, word);
  return false;
}

// A list that must not be empty.
static struct node *list(struct parser *p) {
  struct node *node = parse_list(p);
  if (node == NULL) parse_failed(p, NULL);
  return node;
}

static struct node *group(struct parser *p) {
  struct node *node = new_node(p, NODE_GROUP);
  node->first = list(p);
  expect_word(p, "}");
  return node;
}

static struct node *subshell(struct parser *p) {
  struct node *node = new_node(p, NODE_SUBSHELL);
  node->first = list(p);
  if (!accept_token(p, TOKEN_CLOSE)) parse_failed(p, ")");
  return node;
}

static struct node *condition(struct parser *p) {
  struct node *first = new_node(p, NODE_IF);
  struct node *node = first;
  for (;;) {
    node->first = list(p);
    if (!expect_word(p, "then")) break;
    node->second = list(p);
    if (p->failed || !accept_word(p, "elif")) break;
    node->third = new_node(p, NODE_IF);
    node = node->third;
  }
  if (accept_word(p, "else")) node->third = list(p);
  expect_word(p, "fi");
  return first;
}

static struct node *do_group(struct parser *p) {
  if (!expect_word(p, "do")) return NULL;
  struct node *body = list(p);
  expect_word(p, "done");
  return body;
}

static struct node *loop(struct parser *p, enum node_kind kind) {
  struct node *node = new_node(p, kind);
  node->first = list(p);
  node->second = do_group(p);
  return node;
}

static struct word *words(struct parser *p) {
  struct word *first = NULL;
  struct word **place = &first;
  while (!p->failed && peek_token(p)->kind == TOKEN_WORD) {
    *place = arena_alloc(p->arena, sizeof **place);
    **place = (struct word){NULL, next_token(p).parts};
    place = &(*place)->next;
  }
  return first;
}

static struct node *for_loop(struct parser *p) {
  struct node *node = new_node(p, NODE_FOR);
  const struct token *token = peek_token(p);
  if (token->kind != TOKEN_WORD || token->plain == NULL || !is_name(token->plain)) return parse_failed(p, NULL);
  node->name = next_token(p).plain;
  node->over_params = true;
  bool ended = accept_token(p, TOKEN_SEMICOLON);
  skip_newlines(p);
  if (!ended && accept_word(p, "in")) {
    node->over_params = false;
    node->words = words(p);
    if (!accept_token(p, TOKEN_SEMICOLON) && peek_token(p)->kind != TOKEN_NEWLINE) return parse_failed(p, NULL);
    skip_newlines(p);
  }
  node->second = do_group(p);
  return node;
}

static struct case_item *case_item(struct parser *p) {
  struct case_item *item = arena_alloc(p->arena, sizeof *item);
  *item = (struct case_item){0};
  struct word **place = &item->patterns;
  accept_token(p, TOKEN_OPEN);
  do {
    if (peek_token(p)->kind != TOKEN_WORD) {
      parse_failed(p, NULL);
      return item;
    }
    *place = arena_alloc(p->arena, sizeof **place);
    **place = (struct word){NULL, next_token(p).parts};
    place = &(*place)->next;
  } while (accept_token(p, TOKEN_PIPE));
  if (!accept_token(p, TOKEN_CLOSE)) {
    parse_failed(p, ")");
    return item;
  }
  item->body = parse_list(p);
  return item;
}

static struct node *case_of(struct parser *p) {
  struct node *node = new_node(p, NODE_CASE);
  if (peek_token(p)->kind != TOKEN_WORD) return parse_failed(p, NULL);
  node->words = arena_alloc(p->arena, sizeof *node->words);
  *node->words = (struct word){NULL, next_token(p).parts};
  skip_newlines(p);
  if (!expect_word(p, "in")) return NULL;
  struct case_item **place = &node->items;
  skip_newlines(p);
  while (!p->failed && !accept_word(p, "esac")) {
    *place = case_item(p);
    bool through = accept_token(p, TOKEN_FALL_THROUGH);
    bool ended = through || accept_token(p, TOKEN_CASE_END);
    (*place)->falls_through = through;
    place = &(*place)->next;
    skip_newlines(p);
    if (ended) continue;
    // The last item may go without its ;;
    expect_word(p, "esac");
    break;
  }
  return node;
}

static struct node *begin(struct parser *p) {
  if (accept_token(p, TOKEN_OPEN)) return subshell(p);
  if (accept_word(p, "{")) return group(p);
  if (accept_word(p, "if")) return condition(p);
  if (accept_word(p, "while")) return loop(p, NODE_WHILE);
  if (accept_word(p, "until")) return loop(p, NODE_UNTIL);
  if (accept_word(p, "for")) return for_loop(p);
  if (accept_word(p, "case")) return case_of(p);
  return NULL;
}

struct node *parse_compound(struct parser *p) {
  int line = peek_token(p)->line;
  struct node *node = begin(p);
  if (node == NULL || p->failed) return NULL;
  node->line = line;
  parse_redirects(p, &node->redirects);
  return node;
}
