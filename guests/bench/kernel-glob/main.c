// Walks a tree of files and leaves out what rules like those of .gitignore say: patterns with stars,
// sets and braces, matched by recursion over bytes; the last rule that fits decides.
#include "kernel.h"

#define MOST_RULES 64
#define MOST_PATTERN 64
#define MOST_PATH 256
#define DEPTH 4

typedef struct {
  char pattern[MOST_PATTERN];
  /** What it matches is not left out after all. */
  uint8_t is_exception;
  uint8_t is_for_directories;
  /** Against the whole path, not just the last name. */
  uint8_t is_anchored;
  uint32_t hits;
} Rule;

static const char *const LINES[] = {"# what is built",
                                    "*.o",
                                    "*.{a,so,dylib}",
                                    "/build/",
                                    "node_modules/",
                                    "!vendor/**/keep.[ch]",
                                    "",
                                    "**/cache/*.tmp",
                                    "docs/**/*.html",
                                    "test?[0-9].log",
                                    "*[!a-y_].{bak,old}",
                                    "\\#*#",
                                    "src/**/gen-*/",
                                    "!src/**/gen-main/",
                                    "a*b*c*d*.txt",
                                    "/{lib,src}/*/main.{c,{h,hpp}}",
                                    "*~",
                                    ".*",
                                    "!.config"};
static const char *const NAMES[] = {"src",      "lib",       "build",    "docs",     "vendor",
                                    "cache",    "gen-main",  "gen-x",    ".git",     "node_modules"};
static const char *const STEMS[] = {"main",  "test-1",    "test_7", "keep", "index", "abcabcd",
                                    ".conf", "aabbccddz", "#note#", "util", "zz",    "a-b-c-d"};
static const char *const ENDS[] = {".c",   ".h",   ".o",   ".txt", ".html", ".tmp", ".log",
                                   ".bak", ".old", "",     "~",    ".so",   ".hpp"};

static Rule rules[MOST_RULES];
static int known;
static uint32_t steps;

/** Whether a set that begins after its bracket has the byte; where it ends, 0 if it does not. */
static const char *match_set(const char *set, char c, int *found) {
  int is_inverted = *set == '!' || *set == '^';
  int is_in = 0;
  set += is_inverted;
  for (const char *first = set; *set && (*set != ']' || set == first); set++) {
    char low = *set, high = low;
    if (set[1] == '-' && set[2] && set[2] != ']') {
      high = set[2];
      set += 2;
    }
    is_in |= c >= low && c <= high;
  }
  *found = is_in != is_inverted;
  return *set == ']' ? set : 0;
}

/** A star stays within a name; two stars between slashes are any number of names. */
static NOINLINE int match(const char *pattern, const char *text) {
  for (;; pattern++, text++) {
    steps++;
    switch (*pattern) {
      case 0: return *text == 0;
      case '?':
        if (*text == 0 || *text == '/') return 0;
        break;
      case '[': {
        int found;
        const char *end = match_set(pattern + 1, *text, &found);
        if (!end || !found || *text == 0 || *text == '/') return 0;
        pattern = end;
        break;
      }
      case '*':
        if (pattern[1] == '*' && pattern[2] == '/') {
          for (const char *rest = text;; rest++) {
            if (match(pattern + 3, rest)) return 1;
            rest = strchr(rest, '/');
            if (!rest) return 0;
          }
        }
        while (pattern[1] == '*') pattern++;
        if (pattern[1] == 0) return strchr(text, '/') == 0;
        for (;; text++) {
          if (match(pattern + 1, text)) return 1;
          if (*text == 0 || *text == '/') return 0;
        }
      case '\\':
        if (pattern[1]) pattern++;
        // Falls through: what it hides is an ordinary byte.
        __attribute__((fallthrough));
      default:
        if (*pattern != *text) return 0;
    }
  }
}

static void add_rule(const char *pattern) {
  Rule *rule = &rules[known++];
  memset(rule, 0, sizeof *rule);
  rule->is_exception = *pattern == '!';
  pattern += rule->is_exception;
  size_t length = strlen(pattern);
  rule->is_for_directories = length > 0 && pattern[length - 1] == '/';
  length -= rule->is_for_directories;
  rule->is_anchored = memchr(pattern, '/', length) != 0;
  int has_slash = *pattern == '/';
  memcpy(rule->pattern, pattern + has_slash, length - (size_t)has_slash);
}

/** Each way to choose from the first braces, and so on with what comes of it. */
static void expand(const char *pattern) {
  const char *open = strchr(pattern, '{');
  if (!open) {
    add_rule(pattern);
    return;
  }
  const char *close = open, *commas[16] = {open};
  int depth = 0, choices = 1;
  for (;; close++) {
    if (*close == '{') depth++;
    if (*close == '}' && --depth == 0) break;
    if (*close == ',' && depth == 1) commas[choices++] = close;
  }
  commas[choices] = close;
  for (int i = 0; i < choices; i++) {
    char made[MOST_PATTERN];
    size_t before = (size_t)(open - pattern), chosen = (size_t)(commas[i + 1] - commas[i] - 1);
    memcpy(made, pattern, before);
    memcpy(made + before, commas[i] + 1, chosen);
    strcpy(made + before + chosen, close + 1);
    expand(made);
  }
}

static NOINLINE int is_left_out(const char *path, const char *name, int is_directory) {
  for (int i = known - 1; i >= 0; i--) {
    Rule *rule = &rules[i];
    if (rule->is_for_directories && !is_directory) continue;
    if (!match(rule->pattern, rule->is_anchored ? path : name)) continue;
    rule->hits++;
    return !rule->is_exception;
  }
  return 0;
}

/** A directory that is left out is not looked into. */
static uint32_t walk(char *path, char *end, int depth) {
  uint32_t sum = 0;
  int files = 2 + (int)(next_random() % 6), directories = depth == 0 ? 0 : 1 + (int)(next_random() % 3);
  for (int i = 0; i < files; i++) {
    char *ending = stpcpy(end, STEMS[next_random() % 12]);
    strcpy(ending, ENDS[next_random() % 13]);
    sum = mix(sum, (uint32_t)is_left_out(path, end, 0) + steps);
  }
  for (int i = 0; i < directories; i++) {
    char *name_end = stpcpy(end, NAMES[next_random() % 10]);
    int is_out = is_left_out(path, end, 1);
    sum = mix(sum, (uint32_t)is_out);
    if (is_out) continue;
    *name_end++ = '/';
    sum = mix(sum, walk(path, name_end, depth - 1));
  }
  return sum;
}

uint32_t run(int n) {
  uint32_t sum = 0;
  char path[MOST_PATH];
  seed = 307;
  steps = 0;
  for (int round = 0; round < n; round++) {
    known = 0;
    for (size_t i = 0; i < sizeof LINES / sizeof *LINES; i++) {
      if (*LINES[i] != 0 && *LINES[i] != '#') expand(LINES[i]);
    }
    for (int i = 0; i < 4; i++) sum = mix(sum, walk(path, path, DEPTH));
    for (int i = 0; i < known; i++) sum = mix(sum, rules[i].hits);
  }
  return sum;
}
