// split: a file in pieces.
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/lines.h"
#include "lib/memory.h"
#include "lib/message.h"
#include "lib/number.h"
#include "lib/options.h"
#include "lib/writer.h"

static const struct option NAMES[] = {{"lines", required_argument, NULL, 'l'},
                                      {"bytes", required_argument, NULL, 'b'},
                                      {"line-bytes", required_argument, NULL, 'C'},
                                      {"number", required_argument, NULL, 'n'},
                                      {"suffix-length", required_argument, NULL, 'a'},
                                      {"numeric-suffixes", no_argument, NULL, 'd'},
                                      {"hex-suffixes", no_argument, NULL, 'x'},
                                      {"additional-suffix", required_argument, NULL, OPTION_NAMED},
                                      {NULL, 0, NULL, 0}};
static const struct options OPTIONS = {
    "[-l LINES | -b BYTES | -C BYTES | -n PIECES] [-a LENGTH] [-dx] [--additional-suffix TEXT] [FILE [PREFIX]]",
    "l:b:C:n:a:dx", NAMES, 1};

static const char LETTERS[] = "abcdefghijklmnopqrstuvwxyz";
static const char DIGITS[] = "0123456789";
static const char HEX[] = "0123456789abcdef";

struct split {
  char by;  // l, b, C or n
  int64_t size;
  int64_t suffix_length;
  bool suffix_given;
  const char *alphabet;
  const char *prefix;
  const char *ending;
  // The piece that is written, and how many there were before.
  struct writer piece;
  char *name;
  bool open;
  int64_t index;
};

// The name of the piece, or NULL when there are no more names. Without -a, names get longer: xzz is
// followed by xzaaa, so that the order of names stays the order of pieces.
static char *piece_name(const struct split *how) {
  int64_t base = (int64_t)strlen(how->alphabet);
  int64_t length = how->suffix_length;
  int64_t index = how->index;
  int64_t lead = 0;
  if (!how->suffix_given) {
    int64_t room = (base - 1) * base;
    while (index >= room && room < INT64_MAX / base) {
      index -= room;
      lead += 1;
      length += 1;
      room *= base;
    }
  }
  char *suffix = must_alloc((size_t)(lead + length) + 1);
  memset(suffix, how->alphabet[base - 1], (size_t)lead);
  suffix[lead + length] = '\0';
  for (int64_t at = lead + length - 1; at >= lead; at -= 1) {
    suffix[at] = how->alphabet[index % base];
    index /= base;
  }
  char *name = index > 0 ? NULL : must_format("%s%s%s", how->prefix, suffix, how->ending);
  free(suffix);
  return name;
}

static bool open_piece(struct split *how) {
  how->name = piece_name(how);
  if (how->name == NULL) {
    message("output file suffixes exhausted");
    return false;
  }
  int fd = open(how->name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0) {
    message_errno("%s", how->name);
    return false;
  }
  writer_open(&how->piece, fd, how->name);
  how->open = true;
  how->index += 1;
  return true;
}

static void close_piece(struct split *how) {
  if (!how->open) return;
  writer_close(&how->piece);
  free(how->name);
  how->open = false;
}

static bool put(struct split *how, const char *data, size_t length) {
  if (!how->open && !open_piece(how)) return false;
  writer_put(&how->piece, data, length);
  return true;
}

// A line at a time: `size` of them, or as many as have `size` bytes.
static bool by_lines(struct split *how, struct lines *input) {
  struct line line;
  int64_t used = 0;
  while (lines_next(input, &line)) {
    if (line.ended) line.text[line.length] = '\n';
    int64_t length = (int64_t)line.length + line.ended;
    int64_t cost = how->by == 'l' ? 1 : length;
    if (used > 0 && used + cost > how->size) {
      close_piece(how);
      used = 0;
    }
    for (; how->by == 'C' && length > how->size; length -= how->size, line.text += how->size) {
      if (!put(how, line.text, (size_t)how->size)) return false;
      close_piece(how);
      cost = length - how->size;
    }
    if (!put(how, line.text, (size_t)length)) return false;
    used += cost;
  }
  return true;
}

static bool by_bytes(struct split *how, struct lines *input) {
  int64_t left = how->size;
  while (!lines_over(input)) {
    size_t length = input->end - input->start;
    if ((int64_t)length > left) length = (size_t)left;
    if (!put(how, input->buffer + input->start, length)) return false;
    input->start += length;
    left -= (int64_t)length;
    if (left > 0) continue;
    close_piece(how);
    left = how->size;
  }
  return true;
}

// `size` pieces, each as long as the others but the last.
static bool by_number(struct split *how, struct lines *input) {
  while (lines_fill(input)) continue;
  int64_t length = (int64_t)input->end;
  int64_t each = length / how->size;
  for (int64_t index = 0; index < how->size; index += 1) {
    int64_t extra = length % how->size;
    int64_t start = index * each + (index < extra ? index : extra);
    int64_t piece = each + (index < extra ? 1 : 0);
    if (!put(how, piece == 0 ? "" : input->buffer + start, (size_t)piece)) return false;
    close_piece(how);
  }
  return true;
}

static bool split(struct split *how, const char *name) {
  struct lines input;
  if (!lines_open(&input, name, '\n')) return false;
  bool good = how->by == 'n' ? by_number(how, &input)
              : how->by == 'b' ? by_bytes(how, &input) : by_lines(how, &input);
  close_piece(how);
  return lines_close(&input) && good;
}

static bool set(struct split *how, int option) {
  switch (option) {
    case 'd': how->alphabet = DIGITS; return true;
    case 'x': how->alphabet = HEX; return true;
    case OPTION_NAMED: how->ending = optarg; return true;
    case 'a':
      how->suffix_given = true;
      return parse_number(optarg, 64, &how->suffix_length) && how->suffix_length > 0;
    default:
      how->by = (char)option;
      return parse_size(optarg, &how->size) && how->size > 0;
  }
}

int split_main(int argc, char **argv) {
  struct split how = {.by = 'l', .size = 1000, .suffix_length = 2, .alphabet = LETTERS,
                      .prefix = "x", .ending = ""};
  int option;
  // -100 is -l 100.
  for (int index = 1; index < argc && argv[index][0] == '-'; index += 1) {
    if (strchr(DIGITS, argv[index][1]) != NULL && argv[index][1] != '\0') {
      argv[index] = must_format("-l%s", argv[index] + 1);
    }
  }
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    if (option == OPTIONS_OVER) return options_status;
    if (set(&how, option)) continue;
    message("invalid number '%s'", optarg);
    return 1;
  }
  if (argc - optind > 2) return usage_error(&OPTIONS, "extra operand");
  if (argc - optind == 2) how.prefix = argv[optind + 1];
  return split(&how, optind < argc ? argv[optind] : "-") ? 0 : 1;
}
