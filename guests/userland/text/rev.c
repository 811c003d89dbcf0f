// rev: each line backwards. Characters of UTF-8 stay whole.
#include "lib/each-file.h"
#include "lib/options.h"
#include "lib/writer.h"

static const struct options OPTIONS = {"[FILE]...", "", NULL, 1};

static void print_backwards(const char *text, size_t length) {
  size_t end = length;
  while (end > 0) {
    size_t start = end - 1;
    while (start > 0 && end - start < 4 && (text[start] & 0xC0) == 0x80) start -= 1;
    // Bytes that go on with nothing are no character.
    if ((text[start] & 0xC0) == 0x80) start = end - 1;
    writer_put(&out, text + start, end - start);
    end = start;
  }
}

static void rev(struct lines *input, void *context) {
  (void)context;
  struct line line;
  while (lines_next(input, &line)) {
    print_backwards(line.text, line.length);
    if (line.ended) writer_byte(&out, '\n');
  }
}

int rev_main(int argc, char **argv) {
  if (next_option(argc, argv, &OPTIONS) != OPTIONS_END) return options_status;
  return writer_finish(each_file(argv + optind, '\n', rev, NULL) ? 0 : 1);
}
