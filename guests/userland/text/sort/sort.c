#include "lib/options.h"

#include <stdlib.h>
#include <string.h>

#include "lib/message.h"
#include "lib/number.h"
#include "text/sort/sort.h"

enum { PARALLEL = OPTION_NAMED, SORT };

static const struct option NAMES[] = {{"ignore-leading-blanks", no_argument, NULL, 'b'},
                                      {"check", optional_argument, NULL, 'c'},
                                      {"dictionary-order", no_argument, NULL, 'd'},
                                      {"ignore-case", no_argument, NULL, 'f'},
                                      {"general-numeric-sort", no_argument, NULL, 'g'},
                                      {"human-numeric-sort", no_argument, NULL, 'h'},
                                      {"ignore-nonprinting", no_argument, NULL, 'i'},
                                      {"key", required_argument, NULL, 'k'},
                                      {"merge", no_argument, NULL, 'm'},
                                      {"month-sort", no_argument, NULL, 'M'},
                                      {"numeric-sort", no_argument, NULL, 'n'},
                                      {"output", required_argument, NULL, 'o'},
                                      {"parallel", required_argument, NULL, PARALLEL},
                                      {"reverse", no_argument, NULL, 'r'},
                                      {"stable", no_argument, NULL, 's'},
                                      {"sort", required_argument, NULL, SORT},
                                      {"buffer-size", required_argument, NULL, 'S'},
                                      {"field-separator", required_argument, NULL, 't'},
                                      {"temporary-directory", required_argument, NULL, 'T'},
                                      {"unique", no_argument, NULL, 'u'},
                                      {"version-sort", no_argument, NULL, 'V'},
                                      {"zero-terminated", no_argument, NULL, 'z'},
                                      {NULL, 0, NULL, 0}};
static const struct options OPTIONS = {
    "[-bcCdfghimMnrsuVz] [-k F[.C][LETTERS][,F[.C][LETTERS]]]... [-o FILE] [-S SIZE] [-t BYTE] [-T DIRECTORY] [FILE]...",
    "bcCdfghik:mMno:rsS:t:T:uVz", NAMES, 2};

enum { MEMORY = 64 << 20, LEAST_MEMORY = 2 << 20 };

static bool set_separator(struct sort *sort, const char *text) {
  if (strcmp(text, "\\0") == 0) sort->separator = '\0';
  else if (text[0] != '\0' && text[1] == '\0') sort->separator = (unsigned char)*text;
  else {
    message(*text == '\0' ? "empty tab" : "multi-character tab '%s'", text);
    return false;
  }
  return true;
}

static bool set_memory(struct sort *sort, const char *text) {
  int64_t size;
  // Per cent of the memory are taken for what is usual.
  if (strchr(text, '%') != NULL) return true;
  if (!parse_size(text, &size)) {
    message("invalid buffer size '%s'", text);
    return false;
  }
  sort->memory = size > MEMORY ? MEMORY : size < LEAST_MEMORY ? LEAST_MEMORY : (size_t)size;
  return true;
}

static bool set_check(struct sort *sort, const char *how) {
  sort->check = how != NULL && (strcmp(how, "quiet") == 0 || strcmp(how, "silent") == 0) ? 'C' : 'c';
  return true;
}

// --sort=WORD
static bool set_order(struct sort *sort, const char *word) {
  static const char *const words[] = {"general-numeric", "human-numeric", "month", "numeric", "version"};
  static const char letters[] = "ghMnV";
  for (size_t index = 0; index < sizeof words / sizeof *words; index += 1) {
    if (strcmp(words[index], word) == 0) return sort_set_ordering(&sort->ordering, letters[index], false);
  }
  message("invalid argument '%s' for '--sort'", word);
  return false;
}

static bool set(struct sort *sort, int option) {
  switch (option) {
    case 'c': return set_check(sort, optarg);
    case 'C': sort->check = 'C'; return true;
    case 'k': return sort_read_key(sort, optarg);
    case 'm': sort->merge = true; return true;
    case 'o': sort->output = optarg; return true;
    case 's': sort->stable = true; return true;
    case 'S': return set_memory(sort, optarg);
    case 't': return set_separator(sort, optarg);
    case 'T': sort->scratch = optarg; return true;
    case 'u': sort->unique = true; return true;
    case 'z': sort->line_end = '\0'; return true;
    case PARALLEL: return true;
    case SORT: return set_order(sort, optarg);
    default: return sort_set_ordering(&sort->ordering, (char)option, false);
  }
}

// Keys that say nothing of their order have that of the whole.
static void share_ordering(struct sort *sort) {
  // -b alone needs a key to mean something.
  struct ordering shared = sort->ordering;
  shared.skip_end = shared.skip_start;
  if (sort->key_count == 0 && shared.skip_start) sort_read_key(sort, "1");
  for (size_t index = 0; index < sort->key_count; index += 1) {
    if (!sort_has_ordering(&sort->keys[index].ordering)) sort->keys[index].ordering = shared;
  }
}

int sort_main(int argc, char **argv) {
  static char *const standard[] = {"-", NULL};
  const char *scratch = getenv("TMPDIR");
  struct sort sort = {.separator = -1, .line_end = '\n', .memory = MEMORY,
                      .scratch = scratch == NULL || *scratch == '\0' ? "/tmp" : scratch};
  int option;
  failure_status = 2;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    if (option == OPTIONS_OVER) return options_status;
    if (!set(&sort, option)) return 2;
  }
  share_ordering(&sort);
  bool none = optind >= argc;
  if (sort.check != 0 && argc - optind > 1) {
    message("extra operand '%s' not allowed with -c", argv[optind + 1]);
    return 2;
  }
  bool good = sort_run(&sort, none ? standard : argv + optind, none ? 1 : (size_t)(argc - optind));
  free(sort.keys);
  return writer_finish(good ? 0 : failure_status);
}
