// strings: runs of bytes that can be printed.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/bytes.h"
#include "lib/lines.h"
#include "lib/memory.h"
#include "lib/message.h"
#include "lib/number.h"
#include "lib/options.h"
#include "lib/writer.h"

static const struct option NAMES[] = {{"all", no_argument, NULL, 'a'},
                                      {"print-file-name", no_argument, NULL, 'f'},
                                      {"bytes", required_argument, NULL, 'n'},
                                      {"radix", required_argument, NULL, 't'},
                                      {NULL, 0, NULL, 0}};
static const struct options OPTIONS = {"[-af] [-n LEAST] [-t d|o|x] [FILE]...", "afon:t:", NAMES, 1};

struct strings {
  size_t least;
  char radix;
  bool names;
};

static void print_start(const struct strings *how, const char *name, long long at) {
  if (how->names) writer_format(&out, "%s: ", name);
  if (how->radix == 'd') writer_format(&out, "%7lld ", at);
  if (how->radix == 'o') writer_format(&out, "%7llo ", at);
  if (how->radix == 'x') writer_format(&out, "%7llx ", at);
}

struct run {
  struct bytes start;  // until there are enough of them
  bool printed;
};

static void add(const struct strings *how, const char *name, struct run *run, char byte, long long at) {
  if (run->printed) {
    writer_byte(&out, byte);
    return;
  }
  bytes_byte(&run->start, byte);
  if (run->start.length < how->least) return;
  print_start(how, name, at + 1 - (long long)run->start.length);
  writer_put(&out, run->start.data, run->start.length);
  run->printed = true;
}

static void end(struct run *run) {
  if (run->printed) writer_byte(&out, '\n');
  run->printed = false;
  bytes_clear(&run->start);
}

static bool strings(const struct strings *how, const char *name) {
  enum { PIECE = 65536 };
  int fd = input_open(name);
  if (fd < 0) return false;
  char *piece = must_alloc(PIECE);
  struct run run = {BYTES_NONE, false};
  long long position = 0;
  ptrdiff_t count;
  bytes_clear(&run.start);
  while ((count = input_read(fd, name, piece, PIECE)) > 0) {
    for (ptrdiff_t at = 0; at < count; at += 1) {
      char byte = piece[at];
      if ((byte >= ' ' && byte < 0x7F) || byte == '\t') add(how, name, &run, byte, position + at);
      else if (run.start.length > 0) end(&run);
    }
    position += count;
  }
  end(&run);
  bytes_free(&run.start);
  free(piece);
  input_close(fd);
  return count == 0;
}

int strings_main(int argc, char **argv) {
  struct strings how = {.least = 4};
  static char *const standard[] = {"-", NULL};
  int64_t least;
  int option;
  // -8 is -n 8.
  for (int index = 1; index < argc && argv[index][0] == '-'; index += 1) {
    if (argv[index][1] >= '0' && argv[index][1] <= '9') argv[index] = must_format("-n%s", argv[index] + 1);
  }
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    switch (option) {
      case 'a': break;
      case 'f': how.names = true; break;
      case 'o': how.radix = 'o'; break;
      case 'n':
        if (!parse_number(optarg, INT32_MAX, &least) || least < 1) {
          message("invalid minimum string length '%s'", optarg);
          return 1;
        }
        how.least = (size_t)least;
        break;
      case 't': how.radix = *optarg; break;
      default: return options_status;
    }
  }
  bool good = true;
  for (char *const *names = optind < argc ? argv + optind : standard; *names != NULL; names += 1) {
    good = strings(&how, *names) && good;
  }
  return writer_finish(good ? 0 : 1);
}
