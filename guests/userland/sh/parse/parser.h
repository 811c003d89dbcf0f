// Reads a script as commands. Recursive descent with one token of look-ahead: grammar in parser.c and
// compound.c, tokens in lexer.c, words in word.c and dollar.c, here-documents in here.c.
#ifndef SH_PARSER_H
#define SH_PARSER_H

#include "sh/parse/ast.h"
#include "sh/parse/input.h"

enum token_kind {
  TOKEN_END,
  TOKEN_NEWLINE,
  TOKEN_WORD,
  TOKEN_AND_IF,        // &&
  TOKEN_OR_IF,         // ||
  TOKEN_BACKGROUND,    // &
  TOKEN_SEMICOLON,     // ;
  TOKEN_CASE_END,      // ;;
  TOKEN_FALL_THROUGH,  // ;&
  TOKEN_PIPE,          // |
  TOKEN_OPEN,          // (
  TOKEN_CLOSE,         // )
  TOKEN_REDIRECT,
};

struct token {
  enum token_kind kind;
  size_t start;
  int line;
  struct part *parts;          // of a word
  const char *plain;           // its text when it is one piece without quotes
  enum redirect_kind redirect;
  int fd;                      // of a redirection, or -1
  bool strip_tabs;             // <<-
};

// A here-document whose text comes behind the next newline.
struct pending_here {
  struct pending_here *next;
  struct redirect *redirect;
  const char *delimiter;
  bool strip_tabs;
};

struct parser {
  struct input *input;
  struct arena *arena;
  struct token token;
  bool peeked;
  bool failed;
  int depth;
  struct pending_here *pending;
};

enum parse_result { PARSE_COMMAND, PARSE_NOTHING, PARSE_END, PARSE_FAILED };

// Reads the next complete command, up to its newline. PARSE_COMMAND: *program is the caller's.
enum parse_result parse_command(struct input *input, struct program **program);

// Nesting that a script may have; deeper, its tree could not be walked on the stack there is.
enum { PARSE_DEPTH = 200 };

// The rest is between the parser's files.

// lexer.c
const struct token *peek_token(struct parser *p);
struct token next_token(struct parser *p);
bool is_metacharacter(int c);
// word.c: what a text is part of decides what is special in it, and where it ends.
enum context {
  CONTEXT_PLAIN,         // up to a metacharacter
  CONTEXT_DOUBLE,        // up to "
  CONTEXT_BRACE,         // ${x-…}: up to }
  CONTEXT_BRACE_DOUBLE,  // the same in double quotes
  CONTEXT_HERE,          // a here-document: up to the end
  CONTEXT_ARITH,         // $((…)): up to ))
};
struct part *parse_parts(struct parser *p, enum context context);
bool is_quoting(enum context context);
// dollar.c: behind a $; NULL when it stands for itself.
struct part *parse_dollar(struct parser *p, enum context context);
struct part *parse_backquote(struct parser *p, enum context context);
struct part *new_part(struct parser *p, enum part_kind kind);
// escape.c: behind $'; appends the text up to the closing quote.
void parse_dollar_quote(struct parser *p, struct text *text);
// here.c
void read_here_documents(struct parser *p);
void add_here_document(struct parser *p, struct redirect *redirect, struct part *delimiter, bool strip_tabs);
// parser.c
struct node *new_node(struct parser *p, enum node_kind kind);
struct node *parse_list(struct parser *p);
struct redirect *parse_redirect(struct parser *p);
bool parse_redirects(struct parser *p, struct redirect **place);
struct node *parse_failed(struct parser *p, const char *expected);
bool parse_deeper(struct parser *p);
void skip_newlines(struct parser *p);
bool accept_token(struct parser *p, enum token_kind kind);
bool accept_word(struct parser *p, const char *word);
// compound.c: the compound command that begins here, or NULL when none does.
struct node *parse_compound(struct parser *p);
bool is_name(const char *text);

#endif
