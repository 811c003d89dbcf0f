// fmt: paragraphs filled anew, with their indent.
#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/bytes.h"
#include "lib/each-file.h"
#include "lib/memory.h"
#include "lib/message.h"
#include "lib/number.h"
#include "lib/options.h"
#include "lib/writer.h"

static const struct option NAMES[] = {{"width", required_argument, NULL, 'w'},
                                      {"split-only", no_argument, NULL, 's'},
                                      {"uniform-spacing", no_argument, NULL, 'u'},
                                      {NULL, 0, NULL, 0}};
static const struct options OPTIONS = {"[-su] [-w WIDTH] [FILE]...", "w:su", NAMES, 1};

struct fmt {
  size_t width;
  bool split_only;
  // The output line so far, with its indent; empty between paragraphs.
  struct bytes line;
  struct bytes indent;
  bool has_words;
};

static void flush_line(struct fmt *fmt) {
  if (!fmt->has_words) return;
  writer_put(&out, fmt->line.data, fmt->line.length);
  writer_byte(&out, '\n');
  bytes_clear(&fmt->line);
  fmt->has_words = false;
}

static void add_word(struct fmt *fmt, const char *word, size_t length) {
  if (fmt->has_words && fmt->line.length + 1 + length > fmt->width) flush_line(fmt);
  if (fmt->has_words) bytes_byte(&fmt->line, ' ');
  else bytes_add(&fmt->line, fmt->indent.data, fmt->indent.length);
  bytes_add(&fmt->line, word, length);
  fmt->has_words = true;
}

static void add_line(struct fmt *fmt, const struct line *line) {
  size_t at = 0;
  while (at < line->length && isblank((unsigned char)line->text[at])) at += 1;
  if (at == line->length) {
    flush_line(fmt);
    writer_byte(&out, '\n');
    return;
  }
  // Another indent starts another paragraph.
  bool same = at == fmt->indent.length && memcmp(fmt->indent.data, line->text, at) == 0;
  if (!same || fmt->split_only) {
    flush_line(fmt);
    bytes_clear(&fmt->indent);
    bytes_add(&fmt->indent, line->text, at);
  }
  while (at < line->length) {
    size_t start = at;
    while (at < line->length && !isspace((unsigned char)line->text[at])) at += 1;
    if (at > start) add_word(fmt, line->text + start, at - start);
    while (at < line->length && isspace((unsigned char)line->text[at])) at += 1;
  }
}

static void fmt(struct lines *input, void *context) {
  struct line line;
  while (lines_next(input, &line)) add_line(context, &line);
  flush_line(context);
}

int fmt_main(int argc, char **argv) {
  struct fmt how = {.width = 75};
  int64_t width;
  int option;
  if (argc > 1 && argv[1][0] == '-' && isdigit((unsigned char)argv[1][1])) {
    argv[1] = must_format("-w%s", argv[1] + 1);
  }
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    switch (option) {
      case 's': how.split_only = true; break;
      case 'u': break;
      case 'w':
        if (!parse_number(optarg, 2500, &width)) {
          message("invalid width: '%s'", optarg);
          return 1;
        }
        how.width = (size_t)width;
        break;
      default: return options_status;
    }
  }
  bytes_clear(&how.line);
  bytes_clear(&how.indent);
  return writer_finish(each_file(argv + optind, '\n', fmt, &how) ? 0 : 1);
}
