// nl: numbers the lines, by sections of logical pages.
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/each-file.h"
#include "lib/message.h"
#include "lib/options.h"
#include "lib/pattern.h"
#include "lib/writer.h"

static const struct option NAMES[] = {{"body-numbering", required_argument, NULL, 'b'},
                                      {"header-numbering", required_argument, NULL, 'h'},
                                      {"footer-numbering", required_argument, NULL, 'f'},
                                      {"section-delimiter", required_argument, NULL, 'd'},
                                      {"line-increment", required_argument, NULL, 'i'},
                                      {"join-blank-lines", required_argument, NULL, 'l'},
                                      {"number-format", required_argument, NULL, 'n'},
                                      {"no-renumber", no_argument, NULL, 'p'},
                                      {"number-separator", required_argument, NULL, 's'},
                                      {"starting-line-number", required_argument, NULL, 'v'},
                                      {"number-width", required_argument, NULL, 'w'},
                                      {NULL, 0, NULL, 0}};
static const struct options OPTIONS = {
    "[-b STYLE] [-h STYLE] [-f STYLE] [-d CC] [-i N] [-l N] [-n ln|rn|rz] [-p] [-s TEXT] [-v N] [-w N] [FILE]...",
    "b:h:f:d:i:l:n:ps:v:w:", NAMES, 1};

enum section { FOOTER, BODY, HEADER, SECTIONS };

// Which lines are numbered: a (all), t (not empty), n (none), p (those that match).
struct style {
  char which;
  struct pattern *pattern;
};

struct nl {
  struct style styles[SECTIONS];
  enum section section;
  char delimiter[3];
  const char *separator;
  const char *format;
  long long start;
  long long step;
  long long number;
  long long join;
  long long empty;
  long long width;
  bool keeps;
};

static bool read_style(struct style *style, const char *text) {
  if (strlen(text) == 1 && strchr("atn", *text) != NULL) {
    style->which = *text;
    return true;
  }
  const char *why = "must be a, t, n or pBRE";
  style->which = 'p';
  style->pattern = *text == 'p' ? pattern_new(text + 1, strlen(text + 1), 0, &why) : NULL;
  if (style->pattern != NULL) return true;
  message("invalid numbering style '%s': %s", text, why);
  return false;
}

// The section that the line starts, or SECTIONS when it is none of these lines.
static enum section section_of(const struct nl *how, const struct line *line) {
  size_t unit = strlen(how->delimiter);
  size_t times = unit == 0 ? 0 : line->length / unit;
  if (times < 1 || times > SECTIONS || line->length % unit != 0) return SECTIONS;
  for (size_t at = 0; at < line->length; at += unit) {
    if (memcmp(line->text + at, how->delimiter, unit) != 0) return SECTIONS;
  }
  return (enum section)(times - 1);
}

static bool is_numbered(struct nl *how, const struct line *line) {
  struct style *style = &how->styles[how->section];
  switch (style->which) {
    case 'a':
      if (line->length > 0 || how->join < 2) return true;
      how->empty += 1;
      if (how->empty < how->join) return false;
      how->empty = 0;
      return true;
    case 't': return line->length > 0;
    case 'p': return pattern_find(style->pattern, line->text, line->length, 0, NULL, 0);
    default: return false;
  }
}

static void print_number(struct nl *how) {
  int width = (int)how->width;
  if (strcmp(how->format, "ln") == 0) writer_format(&out, "%-*lld", width, how->number);
  else if (strcmp(how->format, "rz") == 0) writer_format(&out, "%0*lld", width, how->number);
  else writer_format(&out, "%*lld", width, how->number);
  writer_text(&out, how->separator);
  if (__builtin_add_overflow(how->number, how->step, &how->number)) how->number = how->start;
}

static void nl(struct lines *input, void *context) {
  struct nl *how = context;
  struct line line;
  while (lines_next(input, &line)) {
    enum section section = section_of(how, &line);
    if (section != SECTIONS) {
      how->section = section;
      if (!how->keeps) how->number = how->start;
      writer_byte(&out, '\n');
      continue;
    }
    if (line.length > 0) how->empty = 0;
    if (is_numbered(how, &line)) print_number(how);
    else writer_format(&out, "%*s", (int)how->width + (int)strlen(how->separator), "");
    writer_put(&out, line.text, line.length);
    writer_byte(&out, '\n');
  }
}

static bool read_number(const char *text, long long least, long long *number) {
  char *end;
  *number = strtoll(text, &end, 10);
  if (end != text && *end == '\0' && *number >= least && *number <= INT_MAX) return true;
  message("invalid number '%s'", text);
  return false;
}

static bool read_delimiter(struct nl *how, const char *text) {
  if (strlen(text) > 2) {
    message("a section delimiter has at most two characters");
    return false;
  }
  if (*text == '\0') {
    how->delimiter[0] = '\0';
    return true;
  }
  how->delimiter[0] = *text;
  how->delimiter[1] = text[1] == '\0' ? ':' : text[1];
  return true;
}

static bool set(struct nl *how, int option) {
  switch (option) {
    case 'b': return read_style(&how->styles[BODY], optarg);
    case 'h': return read_style(&how->styles[HEADER], optarg);
    case 'f': return read_style(&how->styles[FOOTER], optarg);
    case 'd': return read_delimiter(how, optarg);
    case 'i': return read_number(optarg, INT_MIN, &how->step);
    case 'l': return read_number(optarg, 1, &how->join);
    case 'n':
      how->format = optarg;
      if (strcmp(optarg, "ln") == 0 || strcmp(optarg, "rn") == 0 || strcmp(optarg, "rz") == 0) return true;
      message("invalid number format '%s'", optarg);
      return false;
    case 'p': how->keeps = true; return true;
    case 's': how->separator = optarg; return true;
    case 'v': return read_number(optarg, INT_MIN, &how->start);
    default:
      if (!read_number(optarg, 1, &how->width)) return false;
      if (how->width > 1000) how->width = 1000;
      return true;
  }
}

int nl_main(int argc, char **argv) {
  struct nl how = {.styles = {{'n', NULL}, {'t', NULL}, {'n', NULL}}, .section = BODY,
                   .delimiter = "\\:", .separator = "\t", .format = "rn", .start = 1, .step = 1,
                   .join = 1, .width = 6};
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    if (option == OPTIONS_OVER) return options_status;
    if (!set(&how, option)) return 1;
  }
  how.number = how.start;
  bool good = each_file(argv + optind, '\n', nl, &how);
  for (int section = 0; section < SECTIONS; section += 1) pattern_free(how.styles[section].pattern);
  return writer_finish(good ? 0 : 1);
}
