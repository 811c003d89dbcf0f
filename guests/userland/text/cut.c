// cut: some bytes or fields of each line.
#include <string.h>

#include "lib/each-file.h"
#include "lib/message.h"
#include "lib/options.h"
#include "lib/writer.h"
#include "text/ranges.h"

static const struct option NAMES[] = {{"bytes", required_argument, NULL, 'b'},
                                      {"characters", required_argument, NULL, 'c'},
                                      {"fields", required_argument, NULL, 'f'},
                                      {"delimiter", required_argument, NULL, 'd'},
                                      {"only-delimited", no_argument, NULL, 's'},
                                      {"zero-terminated", no_argument, NULL, 'z'},
                                      {"complement", no_argument, NULL, OPTION_NAMED},
                                      {"output-delimiter", required_argument, NULL, OPTION_NAMED + 1},
                                      {NULL, 0, NULL, 0}};
static const struct options OPTIONS = {
    "-b LIST | -c LIST | -f LIST [-d BYTE] [-sz] [--complement] [--output-delimiter TEXT] [FILE]...",
    "b:c:f:d:sznD", NAMES, 1};

struct cut {
  char by;  // b, c or f
  struct ranges ranges;
  char delimiter;
  const char *between;
  size_t between_length;
  bool only_delimited;
  char line_end;
};

static void cut_bytes(const struct cut *how, const struct line *line) {
  bool some = false;
  for (size_t index = 0; index < how->ranges.count; index += 1) {
    struct range range = how->ranges.list[index];
    if (range.first > line->length) break;
    size_t last = range.last < line->length ? range.last : line->length;
    if (some && how->between != NULL) writer_put(&out, how->between, how->between_length);
    writer_put(&out, line->text + range.first - 1, last - range.first + 1);
    some = true;
  }
}

static void print_fields(const struct cut *how, const struct line *line, const char *delimiter) {
  const char *at = line->text;
  const char *end = line->text + line->length;
  size_t index = 0;
  bool some = false;
  for (size_t field = 1; index < how->ranges.count; field += 1) {
    const char *field_end = delimiter == NULL ? end : delimiter;
    if (field >= how->ranges.list[index].first) {
      if (some) writer_put(&out, how->between, how->between_length);
      writer_put(&out, at, (size_t)(field_end - at));
      some = true;
      if (field == how->ranges.list[index].last) index += 1;
    }
    if (delimiter == NULL) break;
    at = delimiter + 1;
    delimiter = memchr(at, how->delimiter, (size_t)(end - at));
  }
}

static void cut(struct lines *input, void *context) {
  const struct cut *how = context;
  struct line line;
  while (lines_next(input, &line)) {
    if (how->by != 'f') {
      cut_bytes(how, &line);
    } else {
      const char *delimiter = memchr(line.text, how->delimiter, line.length);
      if (delimiter == NULL && how->only_delimited) continue;
      if (delimiter == NULL) writer_put(&out, line.text, line.length);
      else print_fields(how, &line, delimiter);
    }
    writer_byte(&out, how->line_end);
  }
}

static bool set_list(struct cut *how, int by) {
  if (how->by != 0) {
    message("only one list may be given");
    return false;
  }
  how->by = (char)by;
  return ranges_parse(optarg, &how->ranges);
}

static bool set(struct cut *how, int option, bool *complement) {
  switch (option) {
    case 'b':
    case 'c':
    case 'f': return set_list(how, option);
    case 'd':
      how->delimiter = *optarg;
      if (*optarg == '\0' || optarg[1] == '\0') return true;
      message("the delimiter must be a single character");
      return false;
    case 's': how->only_delimited = true; return true;
    case 'z': how->line_end = '\0'; return true;
    case OPTION_NAMED: *complement = true; return true;
    case OPTION_NAMED + 1:
      how->between = optarg;
      how->between_length = *optarg == '\0' ? 1 : strlen(optarg);
      return true;
    default: return true;
  }
}

int cut_main(int argc, char **argv) {
  struct cut how = {.delimiter = '\t', .line_end = '\n'};
  bool complement = false;
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    if (option == OPTIONS_OVER) return options_status;
    if (!set(&how, option, &complement)) return 1;
  }
  if (how.by == 0) return usage_error(&OPTIONS, "a list of bytes, characters or fields is missing");
  if (how.by != 'f' && (how.delimiter != '\t' || how.only_delimited)) {
    return usage_error(&OPTIONS, "-d and -s are for fields");
  }
  if (complement) ranges_complement(&how.ranges);
  if (how.by == 'f' && how.between == NULL) {
    how.between = &how.delimiter;
    how.between_length = 1;
  }
  bool good = each_file(argv + optind, how.line_end, cut, &how);
  ranges_free(&how.ranges);
  return writer_finish(good ? 0 : 1);
}
