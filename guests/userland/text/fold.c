// fold: lines that are too wide become several.
#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "lib/each-file.h"
#include "lib/memory.h"
#include "lib/message.h"
#include "lib/number.h"
#include "lib/options.h"
#include "lib/writer.h"

static const struct option NAMES[] = {{"bytes", no_argument, NULL, 'b'},
                                      {"spaces", no_argument, NULL, 's'},
                                      {"width", required_argument, NULL, 'w'},
                                      {NULL, 0, NULL, 0}};
static const struct options OPTIONS = {"[-bs] [-w WIDTH] [FILE]...", "bsw:", NAMES, 1};

struct fold {
  bool bytes;
  bool spaces;
  int64_t width;
};

// The column behind a byte at `column`.
static int64_t column_behind(const struct fold *how, int64_t column, char byte) {
  if (how->bytes) return column + 1;
  switch (byte) {
    case '\t': return column + 8 - column % 8;
    case '\b': return column > 0 ? column - 1 : 0;
    case '\r': return 0;
    default: return column + 1;
  }
}

// Where the line is cut when the byte at `end` does not fit: behind the last blank, if wanted.
static size_t cut_at(const struct fold *how, const char *text, size_t end) {
  if (!how->spaces) return end;
  for (size_t at = end; at > 0; at -= 1) {
    if (isblank((unsigned char)text[at - 1])) return at;
  }
  return end;
}

static void fold_line(const struct fold *how, const char *text, size_t length) {
  size_t start = 0;
  int64_t column = 0;
  for (size_t at = 0; at < length;) {
    int64_t next = column_behind(how, column, text[at]);
    if (next <= how->width || at == start) {
      column = next;
      at += 1;
      continue;
    }
    at = start + cut_at(how, text + start, at - start);
    writer_put(&out, text + start, at - start);
    writer_byte(&out, '\n');
    start = at;
    column = 0;
  }
  writer_put(&out, text + start, length - start);
}

static void fold(struct lines *input, void *context) {
  struct line line;
  while (lines_next(input, &line)) {
    fold_line(context, line.text, line.length);
    if (line.ended) writer_byte(&out, '\n');
  }
}

int fold_main(int argc, char **argv) {
  struct fold how = {.width = 80};
  int option;
  // -20 is -w 20.
  for (int index = 1; index < argc && argv[index][0] == '-'; index += 1) {
    if (isdigit((unsigned char)argv[index][1])) argv[index] = must_format("-w%s", argv[index] + 1);
  }
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    switch (option) {
      case 'b': how.bytes = true; break;
      case 's': how.spaces = true; break;
      case 'w':
        if (parse_number(optarg, INT32_MAX, &how.width) && how.width > 0) break;
        message("invalid number of columns: '%s'", optarg);
        return 1;
      default: return options_status;
    }
  }
  return writer_finish(each_file(argv + optind, '\n', fold, &how) ? 0 : 1);
}
