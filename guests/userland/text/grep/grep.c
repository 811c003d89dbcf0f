#include "lib/options.h"

#include <stdlib.h>
#include <string.h>

#include "lib/lines.h"
#include "lib/memory.h"
#include "lib/message.h"
#include "lib/number.h"
#include "lib/writer.h"
#include "text/grep/grep.h"

enum { INCLUDE = OPTION_NAMED, EXCLUDE, EXCLUDE_DIRECTORY, COLOR, LABEL, BINARY_FILES, GROUP_SEPARATOR,
       NO_GROUP_SEPARATOR, LINE_BUFFERED, NO_IGNORE_CASE };

static const struct option NAMES[] = {{"after-context", required_argument, NULL, 'A'},
                                      {"before-context", required_argument, NULL, 'B'},
                                      {"context", required_argument, NULL, 'C'},
                                      {"extended-regexp", no_argument, NULL, 'E'},
                                      {"fixed-strings", no_argument, NULL, 'F'},
                                      {"basic-regexp", no_argument, NULL, 'G'},
                                      {"perl-regexp", no_argument, NULL, 'P'},
                                      {"regexp", required_argument, NULL, 'e'},
                                      {"file", required_argument, NULL, 'f'},
                                      {"ignore-case", no_argument, NULL, 'i'},
                                      {"no-ignore-case", no_argument, NULL, NO_IGNORE_CASE},
                                      {"invert-match", no_argument, NULL, 'v'},
                                      {"word-regexp", no_argument, NULL, 'w'},
                                      {"line-regexp", no_argument, NULL, 'x'},
                                      {"count", no_argument, NULL, 'c'},
                                      {"files-with-matches", no_argument, NULL, 'l'},
                                      {"files-without-match", no_argument, NULL, 'L'},
                                      {"max-count", required_argument, NULL, 'm'},
                                      {"only-matching", no_argument, NULL, 'o'},
                                      {"quiet", no_argument, NULL, 'q'},
                                      {"silent", no_argument, NULL, 'q'},
                                      {"no-messages", no_argument, NULL, 's'},
                                      {"byte-offset", no_argument, NULL, 'b'},
                                      {"with-filename", no_argument, NULL, 'H'},
                                      {"no-filename", no_argument, NULL, 'h'},
                                      {"line-number", no_argument, NULL, 'n'},
                                      {"null", no_argument, NULL, 'Z'},
                                      {"null-data", no_argument, NULL, 'z'},
                                      {"text", no_argument, NULL, 'a'},
                                      {"recursive", no_argument, NULL, 'r'},
                                      {"dereference-recursive", no_argument, NULL, 'R'},
                                      {"directories", required_argument, NULL, 'd'},
                                      {"devices", required_argument, NULL, 'D'},
                                      {"include", required_argument, NULL, INCLUDE},
                                      {"exclude", required_argument, NULL, EXCLUDE},
                                      {"exclude-dir", required_argument, NULL, EXCLUDE_DIRECTORY},
                                      {"color", optional_argument, NULL, COLOR},
                                      {"colour", optional_argument, NULL, COLOR},
                                      {"label", required_argument, NULL, LABEL},
                                      {"binary-files", required_argument, NULL, BINARY_FILES},
                                      {"group-separator", required_argument, NULL, GROUP_SEPARATOR},
                                      {"no-group-separator", no_argument, NULL, NO_GROUP_SEPARATOR},
                                      {"line-buffered", no_argument, NULL, LINE_BUFFERED},
                                      {NULL, 0, NULL, 0}};
static const struct options OPTIONS = {
    "[-EFGivwxclLmnobqshHrRaIzZ] [-A N] [-B N] [-C N] [-m N] [-e PATTERNS] [-f FILE] "
    "[--include GLOB] [--exclude GLOB] [--exclude-dir GLOB] [PATTERNS] [FILE]...",
    "A:B:C:EFGPe:f:iyvwxclLm:oqsbHhnZzaIrRd:D:TuU0123456789", NAMES, 2};

// What the options say of patterns, which are only known when all were read.
struct wish {
  struct bytes patterns;
  bool has_patterns;
  bool has_empty_file;  // -f with nothing in it: a pattern that was given, though none
  int flags;
};

static void add_patterns(struct wish *wish, const char *text, size_t length) {
  if (wish->has_patterns) bytes_byte(&wish->patterns, '\n');
  bytes_add(&wish->patterns, text, length);
  wish->has_patterns = true;
}

// The lines of a file; a file of none has no pattern, which matches nothing.
static bool add_pattern_file(struct wish *wish, const char *name, bool *none) {
  struct lines input;
  struct line line;
  if (!lines_open(&input, name, '\n')) return false;
  *none = true;
  while (lines_next(&input, &line)) {
    add_patterns(wish, line.text, line.length);
    *none = false;
  }
  return lines_close(&input);
}

static bool read_count(const char *text, int64_t *count) {
  if (parse_number(text, INT64_MAX, count)) return true;
  message("%s: invalid context length argument", text);
  return false;
}

static bool read_context(struct grep *grep, int option, const char *text) {
  int64_t count;
  if (!read_count(text, &count)) return false;
  // So many lines before a match are kept, and no file has more.
  if (count > INT32_MAX) count = INT32_MAX;
  if (option != 'B') grep->after = count;
  if (option != 'A') grep->before = count;
  grep->has_context = true;
  return true;
}

static bool set_files(struct grep *grep, int option) {
  switch (option) {
    case INCLUDE: add_name(&grep->included, must_copy(optarg)); return true;
    case EXCLUDE: add_name(&grep->excluded, must_copy(optarg)); return true;
    case EXCLUDE_DIRECTORY: add_name(&grep->excluded_directories, must_copy(optarg)); return true;
    case 'R':
    case 'r':
      grep->directories = 'R';
      grep->follow = option == 'R';
      return true;
    case 'd':
      grep->directories = strcmp(optarg, "recurse") == 0 ? 'R' : *optarg;
      if (*optarg != '\0' && strchr("rRs", grep->directories) != NULL) return true;
      message("unknown directories method");
      return false;
    case 'a': grep->binary = BINARY_TEXT; return true;
    case 'I': grep->binary = BINARY_NONE; return true;
    case BINARY_FILES:
      grep->binary = *optarg == 't' ? BINARY_TEXT : *optarg == 'w' ? BINARY_NONE : BINARY_SAID;
      return true;
    default: return true;
  }
}

static bool set_output(struct grep *grep, int option) {
  switch (option) {
    case 'c': grep->count = true; return true;
    case 'l': grep->list_with = true; return true;
    case 'L': grep->list_without = true; return true;
    case 'q': grep->quiet = true; return true;
    case 's': grep->silent = true; return true;
    case 'o': grep->only_matching = true; return true;
    case 'n': grep->numbers = true; return true;
    case 'b': grep->offsets = true; return true;
    case 'H': grep->names = 1; return true;
    case 'h': grep->names = 0; return true;
    case 'Z': grep->null_names = true; return true;
    case 'z': grep->line_end = '\0'; return true;
    case 'A':
    case 'B':
    case 'C': return read_context(grep, option, optarg);
    case LABEL: grep->label = optarg; return true;
    case GROUP_SEPARATOR: grep->group_separator = optarg; return true;
    case NO_GROUP_SEPARATOR: grep->group_separator = NULL; return true;
    default: return set_files(grep, option);
  }
}

static bool set_pattern(struct grep *grep, struct wish *wish, int option) {
  static const int kinds = PATTERN_EXTENDED | PATTERN_LITERAL;
  bool none;
  switch (option) {
    case 'E': wish->flags = (wish->flags & ~kinds) | PATTERN_EXTENDED; return true;
    case 'F': wish->flags = (wish->flags & ~kinds) | PATTERN_LITERAL; return true;
    case 'G': wish->flags &= ~kinds; return true;
    case 'P': message("support for the -P option is not there"); return false;
    case 'e': add_patterns(wish, optarg, strlen(optarg)); return true;
    case 'f':
      if (!add_pattern_file(wish, optarg, &none)) return false;
      if (none) wish->has_empty_file = true;
      return true;
    case 'i':
    case 'y': wish->flags |= PATTERN_IGNORE_CASE; return true;
    case NO_IGNORE_CASE: wish->flags &= ~PATTERN_IGNORE_CASE; return true;
    case 'v': grep->invert = true; return true;
    case 'w': grep->patterns.word = true; return true;
    case 'x': grep->patterns.whole_line = true; return true;
    case 'm': return read_count(optarg, &grep->most);
    default: return set_output(grep, option);
  }
}

// -3 is -C 3; the digits come one by one.
static bool add_digit(struct grep *grep, int digit, bool goes_on) {
  int64_t count = (goes_on ? grep->after * 10 : 0) + digit - '0';
  grep->before = grep->after = count > INT32_MAX ? INT32_MAX : count;
  grep->has_context = true;
  return true;
}

static bool read_options(struct grep *grep, struct wish *wish, int argc, char **argv) {
  int option;
  bool digits = false;
  options_status = 2;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    bool is_digit = option >= '0' && option <= '9';
    if (option == OPTIONS_OVER) return false;
    if (is_digit ? !add_digit(grep, option, digits) : !set_pattern(grep, wish, option)) return false;
    digits = is_digit;
  }
  return true;
}

static int search(struct grep *grep, char *const *names) {
  static char *const standard[] = {"-", NULL};
  static char *const here[] = {"", NULL};
  bool several = names[0] != NULL && names[1] != NULL;
  if (grep->names < 0) grep->names = several || grep->directories == 'R';
  if (names[0] == NULL) names = grep->directories == 'R' ? here : standard;
  if (grep->most == 0) return grep->list_without ? 0 : 1;
  for (; *names != NULL && !(grep->quiet && grep->some); names += 1) grep_operand(grep, *names);
  if (grep->failed && !(grep->quiet && grep->some)) return 2;
  return grep->some ? 0 : 1;
}

int grep_main(int argc, char **argv) {
  struct grep grep = {.names = -1, .most = INT64_MAX, .group_separator = "--", .line_end = '\n',
                      .label = "(standard input)", .directories = 'r'};
  struct wish wish = {.patterns = BYTES_NONE};
  bytes_clear(&wish.patterns);
  failure_status = 2;
  if (strcmp(message_name, "egrep") == 0) wish.flags = PATTERN_EXTENDED;
  if (strcmp(message_name, "fgrep") == 0) wish.flags = PATTERN_LITERAL;
  if (!read_options(&grep, &wish, argc, argv)) return options_status;
  if (!wish.has_patterns && !wish.has_empty_file) {
    if (optind >= argc) return usage_error(&OPTIONS, "no pattern");
    add_patterns(&wish, argv[optind], strlen(argv[optind]));
    optind += 1;
  }
  bool good = !wish.has_patterns || patterns_add(&grep.patterns, wish.patterns.data, wish.patterns.length, wish.flags);
  int status = good ? search(&grep, argv + optind) : 2;
  patterns_free(&grep.patterns);
  bytes_free(&wish.patterns);
  free_names(&grep.included);
  free_names(&grep.excluded);
  free_names(&grep.excluded_directories);
  return writer_finish(status);
}
