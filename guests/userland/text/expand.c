// expand: tabs become blanks. unexpand: blanks become tabs.
#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/each-file.h"
#include "lib/memory.h"
#include "lib/message.h"
#include "lib/options.h"
#include "lib/writer.h"

static const struct option NAMES[] = {{"tabs", required_argument, NULL, 't'},
                                      {"initial", no_argument, NULL, 'i'},
                                      {"all", no_argument, NULL, 'a'},
                                      {"first-only", no_argument, NULL, OPTION_NAMED},
                                      {NULL, 0, NULL, 0}};
static const struct options EXPAND = {"[-i] [-t N[,N]...] [FILE]...", "it:", NAMES, 1};
static const struct options UNEXPAND = {"[-a] [--first-only] [-t N[,N]...] [FILE]...", "at:", NAMES, 1};

// One number is a distance; several are columns, in rising order.
struct tabs {
  size_t *stops;
  size_t count;
  // Only those before anything else in a line.
  bool initial;
};

// The column of the next stop behind `column`; 0 when there is none.
static size_t next_stop(const struct tabs *tabs, size_t column) {
  if (tabs->count == 1) return column + tabs->stops[0] - column % tabs->stops[0];
  for (size_t index = 0; index < tabs->count; index += 1) {
    if (tabs->stops[index] > column) return tabs->stops[index];
  }
  return 0;
}

static bool read_tabs(struct tabs *tabs, const char *text) {
  const char *at = text;
  free(tabs->stops);
  tabs->stops = NULL;
  tabs->count = 0;
  while (*at != '\0') {
    char *end;
    long long stop = strtoll(at, &end, 10);
    bool good = isdigit((unsigned char)*at) && stop > 0 && stop < INT32_MAX;
    if (tabs->count > 0 && (size_t)stop <= tabs->stops[tabs->count - 1]) good = false;
    if (!good || (*end != '\0' && strchr(", ", *end) == NULL)) {
      message("bad list of tab stops '%s'", text);
      return false;
    }
    tabs->stops = must_grow(tabs->stops, tabs->count + 1, sizeof *tabs->stops);
    tabs->stops[tabs->count++] = (size_t)stop;
    at = *end == '\0' ? end : end + 1;
  }
  return tabs->count > 0 || read_tabs(tabs, "8");
}

static void print_blanks(size_t count) {
  static const char blanks[] = "                                ";
  for (; count > sizeof blanks - 1; count -= sizeof blanks - 1) writer_put(&out, blanks, sizeof blanks - 1);
  writer_put(&out, blanks, count);
}

static void expand_line(const struct tabs *tabs, const struct line *line) {
  size_t column = 0;
  bool expands = true;
  for (size_t at = 0; at < line->length; at += 1) {
    char byte = line->text[at];
    if (byte == '\t' && expands) {
      size_t stop = next_stop(tabs, column);
      if (stop == 0) stop = column + 1;
      print_blanks(stop - column);
      column = stop;
      continue;
    }
    if (byte == '\b') column -= column > 0;
    else column += 1;
    if (tabs->initial && !isblank((unsigned char)byte)) expands = false;
    writer_byte(&out, byte);
  }
}

// Prints the blanks from column `from` to `to`, with tabs where that is not longer.
static void print_with_tabs(const struct tabs *tabs, size_t from, size_t to, bool had_tab) {
  size_t stop;
  while ((stop = next_stop(tabs, from)) != 0 && stop <= to) {
    // One blank alone stays one, but in front of a tab that was there.
    bool lone = stop == from + 1 && to == stop && !had_tab;
    writer_byte(&out, lone ? ' ' : '\t');
    from = stop;
  }
  print_blanks(to - from);
}

static void unexpand_line(const struct tabs *tabs, const struct line *line) {
  size_t column = 0;
  for (size_t at = 0; at < line->length;) {
    size_t start = column;
    bool had_tab = false;
    for (; at < line->length && isblank((unsigned char)line->text[at]); at += 1) {
      size_t stop = line->text[at] == '\t' ? next_stop(tabs, column) : 0;
      had_tab = had_tab || line->text[at] == '\t';
      column = stop == 0 ? column + 1 : stop;
    }
    print_with_tabs(tabs, start, column, had_tab);
    if (at == line->length) break;
    if (tabs->initial) {
      writer_put(&out, line->text + at, line->length - at);
      break;
    }
    if (line->text[at] == '\b') column -= column > 0;
    else column += 1;
    writer_byte(&out, line->text[at]);
    at += 1;
  }
}

static void expand(struct lines *input, void *context) {
  struct line line;
  while (lines_next(input, &line)) {
    expand_line(context, &line);
    if (line.ended) writer_byte(&out, '\n');
  }
}

static void unexpand(struct lines *input, void *context) {
  struct line line;
  while (lines_next(input, &line)) {
    unexpand_line(context, &line);
    if (line.ended) writer_byte(&out, '\n');
  }
}

static int run(int argc, char **argv, const struct options *options, each_file_run *each) {
  struct tabs tabs = {.initial = options == &UNEXPAND};
  bool first_only = false;
  int option;
  read_tabs(&tabs, "8");
  // -4 is -t 4.
  for (int index = 1; index < argc && argv[index][0] == '-'; index += 1) {
    if (isdigit((unsigned char)argv[index][1])) argv[index] = must_format("-t%s", argv[index] + 1);
  }
  while ((option = next_option(argc, argv, options)) != OPTIONS_END) {
    switch (option) {
      case 'i': tabs.initial = true; break;
      case 'a': tabs.initial = false; break;
      case OPTION_NAMED: first_only = true; break;
      case 't':
        if (!read_tabs(&tabs, optarg)) return 1;
        if (options == &UNEXPAND) tabs.initial = false;
        break;
      default: return options_status;
    }
  }
  if (first_only) tabs.initial = true;
  bool good = each_file(argv + optind, '\n', each, &tabs);
  free(tabs.stops);
  return writer_finish(good ? 0 : 1);
}

int expand_main(int argc, char **argv) { return run(argc, argv, &EXPAND, expand); }

int unexpand_main(int argc, char **argv) { return run(argc, argv, &UNEXPAND, unexpand); }
