#include "xargs.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/memory.h"
#include "lib/message.h"
#include "lib/name-list.h"
#include "lib/number.h"
#include "lib/options.h"
#include "lib/transfer.h"

static const struct option NAMES[] = {
  {"null", no_argument, NULL, '0'}, {"arg-file", required_argument, NULL, 'a'}, {"delimiter", required_argument, NULL, 'd'},
  {"eof", optional_argument, NULL, 'E'}, {"replace", optional_argument, NULL, 'I'}, {"max-lines", optional_argument, NULL, 'L'},
  {"max-args", required_argument, NULL, 'n'}, {"max-procs", required_argument, NULL, 'P'},
  {"interactive", no_argument, NULL, 'p'}, {"no-run-if-empty", no_argument, NULL, 'r'},
  {"max-chars", required_argument, NULL, 's'}, {"verbose", no_argument, NULL, 't'}, {"exit", no_argument, NULL, 'x'},
  {NULL, 0, NULL, 0},
};
static const struct options OPTIONS = {
  "[-0prtx] [-a FILE] [-d CHAR] [-E END] [-I TEXT] [-L LINES] [-n ITEMS] [-P JOBS] [-s BYTES] [COMMAND [WORD]...]",
  "+0a:d:E:I:L:n:P:prs:tx", NAMES, 1,
};

// Bytes of a command's words unless -s says otherwise.
enum { MOST_BYTES = 131072 };

static struct splitting splitting = {-1, false, NULL};
static const char *replaced;
static int64_t most_lines, most_items, most_bytes = MOST_BYTES;
static bool skip_empty, verbose, interactive, strict;
static char **front;
static size_t front_count;

static void print_words(char **argv, const char *end) {
  for (char **word = argv; *word != NULL; word += 1) fprintf(stderr, "%s%s", *word, word[1] == NULL ? "" : " ");
  fputs(end, stderr);
}

static bool agrees(char **argv) {
  print_words(argv, " ?...");
  FILE *terminal = fopen("/dev/tty", "re");
  if (terminal == NULL) return false;
  int first = getc(terminal);
  for (int next = first; next != '\n' && next != EOF; next = getc(terminal)) continue;
  fclose(terminal);
  return first == 'y' || first == 'Y';
}

static bool run_words(char **argv) {
  if (interactive && !agrees(argv)) return true;
  if (verbose && !interactive) print_words(argv, "\n");
  return run_xargs(argv);
}

static bool run_items(struct name_list *items) {
  char **argv = must_alloc((front_count + items->count + 1) * sizeof *argv);
  memcpy(argv, front, front_count * sizeof *argv);
  if (items->count > 0) memcpy(argv + front_count, items->names, items->count * sizeof *argv);
  argv[front_count + items->count] = NULL;
  bool go_on = run_words(argv);
  free(argv);
  free_names(items);
  return go_on;
}

static char *substitute(const char *word, const char *item) {
  char *text = must_copy("");
  const char *hit;
  while (*replaced != '\0' && (hit = strstr(word, replaced)) != NULL) {
    char *longer = must_format("%s%.*s%s", text, (int)(hit - word), word, item);
    free(text);
    text = longer;
    word = hit + strlen(replaced);
  }
  char *whole = must_format("%s%s", text, word);
  free(text);
  return whole;
}

static int run_replacing(void) {
  char *item;
  bool line_ends, go_on = true;
  enum item result = ITEM_READ;
  while (go_on && (result = read_xargs_item(&splitting, &item, &line_ends)) == ITEM_READ) {
    char **argv = must_alloc((front_count + 1) * sizeof *argv);
    for (size_t index = 0; index < front_count; index += 1) argv[index] = substitute(front[index], item);
    argv[front_count] = NULL;
    go_on = run_words(argv);
    for (size_t index = 0; index < front_count; index += 1) free(argv[index]);
    free(argv);
    free(item);
  }
  int status = finish_xargs();
  return result == ITEM_BAD ? 1 : status;
}

static int64_t front_bytes(void) {
  int64_t bytes = 0;
  for (size_t index = 0; index < front_count; index += 1) bytes += (int64_t)strlen(front[index]) + 1;
  return bytes;
}

// Items until a bound is reached, then a run with them.
static int run_batches(void) {
  struct name_list items = {NULL, 0, 0};
  int64_t own = front_bytes(), bytes = own, lines = 0;
  bool line_ends, go_on = true, ran = false;
  char *item;
  enum item result = ITEM_READ;
  while (go_on && (result = read_xargs_item(&splitting, &item, &line_ends)) == ITEM_READ) {
    int64_t length = (int64_t)strlen(item) + 1;
    if (own + length > most_bytes || (strict && bytes + length > most_bytes)) {
      message("argument line too long");
      free(item);
      result = ITEM_BAD;
      break;
    }
    if (bytes + length > most_bytes) {
      go_on = run_items(&items);
      ran = true;
      bytes = own;
      lines = 0;
      if (!go_on) break;
    }
    add_name(&items, item);
    bytes += length;
    if (line_ends) lines += 1;
    bool full = (most_items > 0 && (int64_t)items.count >= most_items) || (most_lines > 0 && lines >= most_lines);
    if (!full) continue;
    go_on = run_items(&items);
    ran = true;
    bytes = own;
    lines = 0;
  }
  if (go_on && (items.count > 0 || (!ran && !skip_empty)) && result != ITEM_BAD) run_items(&items);
  int status = finish_xargs();
  return result == ITEM_BAD ? 1 : status;
}

static bool parse_delimiter(const char *text) {
  static const char LETTERS[] = "abfnrtv\\0";
  static const char BYTES[] = "\a\b\f\n\r\t\v\\";
  if (text[0] == '\\' && text[1] != '\0' && text[2] == '\0') {
    const char *found = strchr(LETTERS, text[1]);
    if (found == NULL) return false;
    splitting.delimiter = (unsigned char)BYTES[found - LETTERS];
    return true;
  }
  splitting.delimiter = (unsigned char)text[0];
  return text[0] == '\0' || text[1] == '\0';
}

static bool parse_bound(const char *text, int64_t least, int64_t *bound) {
  return parse_number(text, INT32_MAX, bound) && *bound >= least;
}

static bool set_option(int option, const char *text) {
  int64_t jobs;
  switch (option) {
    case '0': splitting.delimiter = 0; return true;
    case 'd': return parse_delimiter(text);
    case 'E': splitting.end = text != NULL && *text != '\0' ? text : NULL; return true;
    case 'I': replaced = text == NULL ? "{}" : text; most_items = most_lines = 0; return true;
    case 'L': most_items = 0; replaced = NULL; return text == NULL ? most_lines = 1, true : parse_bound(text, 1, &most_lines);
    case 'n':
      most_lines = 0;
      if (!parse_bound(text, 1, &most_items)) return false;
      // One item at a time is what -I does anyway.
      if (most_items > 1) replaced = NULL;
      return true;
    case 's': return parse_bound(text, 1, &most_bytes);
    case 'P':
      if (!parse_bound(text, 0, &jobs)) return false;
      set_xargs_parallel(jobs);
      return true;
    case 'p': interactive = true; return true;
    case 'r': skip_empty = true; return true;
    case 't': verbose = true; return true;
    case 'x': strict = true; return true;
    default: return false;
  }
}

int xargs_main(int argc, char **argv) {
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    if (option == OPTIONS_OVER) return options_status;
    if (option == 'a') {
      if (freopen(optarg, "re", stdin) != NULL) continue;
      message_errno("%s", optarg);
      return 1;
    }
    if (set_option(option, optarg)) continue;
    message("invalid argument '%s' to -%c", optarg, option);
    return 1;
  }
  static char *echo[] = {"echo", NULL};
  front = optind < argc ? argv + optind : echo;
  while (front[front_count] != NULL) front_count += 1;
  splitting.by_line = replaced != NULL;
  return replaced != NULL ? run_replacing() : run_batches();
}
