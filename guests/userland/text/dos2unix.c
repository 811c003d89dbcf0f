// dos2unix and unix2dos: ends of lines, in place or from standard input to standard output.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/lines.h"
#include "lib/memory.h"
#include "lib/message.h"
#include "lib/options.h"
#include "lib/writer.h"
#include "text/replace-file.h"

static const struct option NAMES[] = {{"quiet", no_argument, NULL, 'q'}, {NULL, 0, NULL, 0}};
static const struct options OPTIONS = {"[-q] [FILE]...", "dukqon", NAMES, 1};

static void convert(struct lines *input, struct writer *to, bool to_dos) {
  struct line line;
  while (lines_next(input, &line)) {
    size_t length = line.length;
    if (line.ended && length > 0 && line.text[length - 1] == '\r') length -= 1;
    writer_put(to, line.text, length);
    if (line.ended && to_dos) writer_byte(to, '\r');
    if (line.ended) writer_byte(to, '\n');
  }
}

static bool convert_file(const char *name, bool to_dos) {
  struct lines input;
  struct replacement replacement;
  if (!lines_open(&input, name, '\n')) return false;
  if (!replacement_open(&replacement, name, input.fd)) {
    lines_close(&input);
    return false;
  }
  convert(&input, &replacement.writer, to_dos);
  bool good = lines_close(&input);
  return replacement_finish(&replacement, good) && good;
}

static int run(int argc, char **argv, bool to_dos) {
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    if (option == OPTIONS_OVER) return options_status;
    // The name itself says which way; -u and -d say it again.
    if (option == 'd' || option == 'u') to_dos = option == 'd';
  }
  bool good = true;
  if (optind >= argc) {
    struct lines input;
    lines_from(&input, 0, "standard input", '\n');
    convert(&input, &out, to_dos);
    good = lines_close(&input);
  }
  for (; optind < argc; optind += 1) good = convert_file(argv[optind], to_dos) && good;
  return writer_finish(good ? 0 : 1);
}

int dos2unix_main(int argc, char **argv) { return run(argc, argv, false); }

int unix2dos_main(int argc, char **argv) { return run(argc, argv, true); }
