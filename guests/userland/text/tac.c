// tac: the lines of each file, the last first.
#include <string.h>

#include "lib/bytes.h"
#include "lib/lines.h"
#include "lib/options.h"
#include "lib/writer.h"

static const struct option NAMES[] = {{"before", no_argument, NULL, 'b'},
                                      {"separator", required_argument, NULL, 's'},
                                      {NULL, 0, NULL, 0}};
static const struct options OPTIONS = {"[-b] [-s SEPARATOR] [FILE]...", "bs:", NAMES, 1};

struct separator {
  const char *text;
  size_t length;
  bool before;
};

// The last separator that starts before `end`, or NULL.
static const char *last_separator(const struct separator *separator, const char *data, size_t end) {
  while (end > 0) {
    const char *found = memrchr(data, *separator->text, end);
    if (found == NULL) return NULL;
    if (memcmp(found, separator->text, separator->length) == 0) return found;
    end = (size_t)(found - data);
  }
  return NULL;
}

static void print_reversed(const struct separator *separator, const char *data, size_t length) {
  size_t end = length;
  // A separator that is found must be whole.
  size_t limit = length < separator->length ? 0 : length - separator->length + 1;
  // The one at the very end belongs to the last line.
  if (!separator->before && limit > 0) limit -= 1;
  while (end > 0) {
    const char *found = last_separator(separator, data, limit);
    size_t at = found == NULL ? 0 : (size_t)(found - data);
    size_t start = found == NULL || separator->before ? at : at + separator->length;
    writer_put(&out, data + start, end - start);
    end = start;
    if (found == NULL) break;
    limit = at;
  }
}

static bool tac(const struct separator *separator, const char *name) {
  struct lines input;
  if (!lines_open(&input, name, '\n')) return false;
  while (lines_fill(&input)) continue;
  // One buffer, all of the file: nothing was taken from it.
  print_reversed(separator, input.buffer, input.end);
  return lines_close(&input);
}

int tac_main(int argc, char **argv) {
  struct separator separator = {"\n", 1, false};
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    switch (option) {
      case 'b': separator.before = true; break;
      case 's':
        separator.text = optarg;
        // An empty one stands for a NUL.
        separator.length = *optarg == '\0' ? 1 : strlen(optarg);
        break;
      default: return options_status;
    }
  }
  if (optind >= argc) return writer_finish(tac(&separator, "-") ? 0 : 1);
  bool good = true;
  for (; optind < argc; optind += 1) good = tac(&separator, argv[optind]) && good;
  return writer_finish(good ? 0 : 1);
}
