#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/memory.h"
#include "lib/message.h"
#include "lib/options.h"
#include "lib/transfer.h"

enum numbering { NUMBER_NONE, NUMBER_ALL, NUMBER_FILLED };

struct look {
  enum numbering numbering;
  bool ends, tabs, unprintable, squeeze;
};

static const struct option NAMES[] = {
  {"number", no_argument, NULL, 'n'}, {"number-nonblank", no_argument, NULL, 'b'},
  {"show-all", no_argument, NULL, 'A'}, {"show-ends", no_argument, NULL, 'E'},
  {"show-tabs", no_argument, NULL, 'T'}, {"show-nonprinting", no_argument, NULL, 'v'},
  {"squeeze-blank", no_argument, NULL, 's'}, {NULL, 0, NULL, 0},
};
static const struct options OPTIONS = {"[-AbeEnstTuv] [FILE]...", "AbeEnstTuv", NAMES, 0};

// Where the output is: lines go on from one file to the next.
static long long line_number;
static bool line_begun;
static int empty_lines;

static void put_visible(unsigned char byte) {
  if (byte >= 128) {
    putchar('M');
    putchar('-');
    byte -= 128;
  }
  if (byte < 32) {
    putchar('^');
    putchar(byte + 64);
  } else if (byte == 127) {
    putchar('^');
    putchar('?');
  } else {
    putchar(byte);
  }
}

static void begin_line(const struct look *look, bool empty) {
  line_begun = true;
  if (look->numbering == NUMBER_ALL || (look->numbering == NUMBER_FILLED && !empty)) {
    line_number += 1;
    printf("%6lld\t", line_number);
  }
}

static void put_byte(const struct look *look, unsigned char byte) {
  if (byte == '\n') {
    bool empty = !line_begun;
    empty_lines = empty ? empty_lines + 1 : 0;
    if (empty && look->squeeze && empty_lines > 1) return;
    if (empty) begin_line(look, true);
    if (look->ends) putchar('$');
    putchar('\n');
    line_begun = false;
    return;
  }
  if (!line_begun) begin_line(look, false);
  if (byte == '\t' && look->tabs) fputs("^I", stdout);
  else if (byte != '\t' && look->unprintable) put_visible(byte);
  else putchar(byte);
}

static enum transfer show(int from, const struct look *look) {
  unsigned char *bytes = must_alloc(TRANSFER_SIZE);
  ssize_t count;
  while ((count = read_some(from, bytes, TRANSFER_SIZE)) > 0) {
    for (ssize_t index = 0; index < count; index += 1) put_byte(look, bytes[index]);
    if (fflush(stdout) != 0) break;
  }
  int error = errno;
  free(bytes);
  errno = error;
  if (count < 0) return TRANSFER_READ_FAILED;
  return count > 0 ? TRANSFER_WRITE_FAILED : TRANSFER_DONE;
}

static bool is_plain(const struct look *look) {
  return look->numbering == NUMBER_NONE && !look->ends && !look->tabs && !look->unprintable && !look->squeeze;
}

static enum transfer cat_file(const char *path, const struct look *look) {
  bool standard = strcmp(path, "-") == 0;
  int from = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
  enum transfer result = TRANSFER_READ_FAILED;
  if (from >= 0) result = is_plain(look) ? transfer_all(from, STDOUT_FILENO) : show(from, look);
  if (result == TRANSFER_READ_FAILED) message_errno("%s", path);
  if (result == TRANSFER_WRITE_FAILED) message_errno("write error");
  if (from >= 0 && !standard) close(from);
  return result;
}

static bool set_option(int option, struct look *look) {
  switch (option) {
    case 'A': look->ends = look->tabs = look->unprintable = true; break;
    case 'b': look->numbering = NUMBER_FILLED; break;
    case 'e': look->ends = look->unprintable = true; break;
    case 'E': look->ends = true; break;
    case 'n': if (look->numbering == NUMBER_NONE) look->numbering = NUMBER_ALL; break;
    case 's': look->squeeze = true; break;
    case 't': look->tabs = look->unprintable = true; break;
    case 'T': look->tabs = true; break;
    case 'u': break;
    case 'v': look->unprintable = true; break;
    default: return false;
  }
  return true;
}

int cat_main(int argc, char **argv) {
  struct look look = {NUMBER_NONE, false, false, false, false};
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    if (!set_option(option, &look)) return options_status;
  }
  int status = 0;
  static char *standard[] = {"-", NULL};
  for (char **path = optind < argc ? argv + optind : standard; *path != NULL; path += 1) {
    enum transfer result = cat_file(*path, &look);
    if (result == TRANSFER_WRITE_FAILED) return 1;
    if (result == TRANSFER_READ_FAILED) status = 1;
  }
  return finish_output(status);
}
