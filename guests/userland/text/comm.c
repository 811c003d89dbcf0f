// comm: what two sorted files have alone and together.
#include <string.h>

#include "lib/bytes.h"
#include "lib/lines.h"
#include "lib/message.h"
#include "lib/options.h"
#include "lib/writer.h"

static const struct option NAMES[] = {{"output-delimiter", required_argument, NULL, OPTION_NAMED},
                                      {"total", no_argument, NULL, OPTION_NAMED + 1},
                                      {"check-order", no_argument, NULL, OPTION_NAMED + 2},
                                      {"nocheck-order", no_argument, NULL, OPTION_NAMED + 2},
                                      {"zero-terminated", no_argument, NULL, 'z'},
                                      {NULL, 0, NULL, 0}};
static const struct options OPTIONS = {"[-123z] [--total] [--output-delimiter TEXT] FILE1 FILE2",
                                       "123z", NAMES, 1};

struct comm {
  bool hidden[3];
  const char *delimiter;
  long long counts[3];
  bool total;
  char line_end;
};

static void print(struct comm *how, int column, const struct line *line) {
  how->counts[column] += 1;
  if (how->hidden[column]) return;
  for (int before = 0; before < column; before += 1) {
    if (!how->hidden[before]) writer_text(&out, how->delimiter);
  }
  writer_put(&out, line->text, line->length);
  writer_byte(&out, how->line_end);
}

static int order(const struct line *one, const struct line *other) {
  size_t length = one->length < other->length ? one->length : other->length;
  int compared = memcmp(one->text, other->text, length);
  if (compared != 0) return compared;
  return one->length < other->length ? -1 : one->length > other->length;
}

// Which columns' files go on: below 0 the first's, above the second's, 0 both.
static int next(bool has_one, bool has_other, const struct line *one, const struct line *other) {
  if (!has_other) return -1;
  return has_one ? order(one, other) : 1;
}

static void compare(struct comm *how, struct lines *one, struct lines *other) {
  struct line first;
  struct line second;
  bool has_first = lines_next(one, &first);
  bool has_second = lines_next(other, &second);
  while (has_first || has_second) {
    int which = next(has_first, has_second, &first, &second);
    print(how, which < 0 ? 0 : which > 0 ? 1 : 2, which <= 0 ? &first : &second);
    if (which <= 0) has_first = lines_next(one, &first);
    if (which >= 0) has_second = lines_next(other, &second);
  }
}

static bool comm(struct comm *how, const char *first, const char *second) {
  struct lines one;
  struct lines other;
  if (!lines_open(&one, first, how->line_end) || !lines_open(&other, second, how->line_end)) return false;
  compare(how, &one, &other);
  const char *between = how->delimiter;
  if (how->total) {
    writer_format(&out, "%lld%s%lld%s%lld%stotal%c", how->counts[0], between, how->counts[1], between,
                  how->counts[2], between, how->line_end);
  }
  bool good = lines_close(&one);
  return lines_close(&other) && good;
}

int comm_main(int argc, char **argv) {
  struct comm how = {.delimiter = "\t", .line_end = '\n'};
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    switch (option) {
      case '1':
      case '2':
      case '3': how.hidden[option - '1'] = true; break;
      case 'z': how.line_end = '\0'; break;
      case OPTION_NAMED: how.delimiter = optarg; break;
      case OPTION_NAMED + 1: how.total = true; break;
      case OPTION_NAMED + 2: break;
      default: return options_status;
    }
  }
  if (argc - optind != 2) return usage_error(&OPTIONS, argc - optind < 2 ? "missing operand" : "extra operand");
  return writer_finish(comm(&how, argv[optind], argv[optind + 1]) ? 0 : 1);
}
