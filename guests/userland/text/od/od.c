#include "lib/options.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lib/lines.h"
#include "lib/memory.h"
#include "lib/message.h"
#include "lib/number.h"
#include "lib/writer.h"
#include "text/od/od.h"

static const struct option NAMES[] = {{"address-radix", required_argument, NULL, 'A'},
                                      {"skip-bytes", required_argument, NULL, 'j'},
                                      {"read-bytes", required_argument, NULL, 'N'},
                                      {"format", required_argument, NULL, 't'},
                                      {"output-duplicates", no_argument, NULL, 'v'},
                                      {"width", optional_argument, NULL, 'w'},
                                      {NULL, 0, NULL, 0}};
static const struct options OPTIONS = {
    "[-A d|o|x|n] [-t TYPE] [-abcdiloxv] [-j SKIP] [-N COUNT] [-w[WIDTH]] [FILE]...",
    "A:j:N:t:vw::abcdfilosxhHXeFDOLIB", NAMES, 1};

// The old letters, each with the -t that it stands for.
static const struct {
  char letter;
  const char *type;
} OLD[] = {{'a', "a"}, {'b', "o1"}, {'c', "c"}, {'d', "u2"}, {'D', "u4"}, {'e', "f8"}, {'F', "f8"},
           {'f', "f4"}, {'h', "x2"}, {'H', "x4"}, {'i', "d4"}, {'I', "d8"}, {'l', "d8"}, {'L', "d8"},
           {'o', "o2"}, {'B', "o2"}, {'O', "o4"}, {'s', "d2"}, {'x', "x2"}, {'X', "x4"}};

struct od {
  struct formats formats;
  char radix;
  int64_t skip;
  int64_t most;  // -1: all
  int64_t width;
  bool all_lines;
  // What is printed next, and where it stands.
  int64_t address;
  unsigned char *line;
  size_t used;
  unsigned char *last;
  bool has_last;
  bool starred;
};

static void print_address(const struct od *od) {
  long long address = od->address;
  if (od->radix == 'o') writer_format(&out, "%07llo", address);
  else if (od->radix == 'd') writer_format(&out, "%07lld", address);
  else if (od->radix == 'x') writer_format(&out, "%06llx", address);
}

// The characters of a line, with blanks for the numbers that are not there.
static void print_text(const struct od *od, const struct format *format, int width) {
  size_t there = (od->used + (size_t)format->size - 1) / (size_t)format->size;
  size_t room = (size_t)od->width / (size_t)format->size;
  writer_format(&out, "%*s  >", (int)(room - there) * width, "");
  for (size_t at = 0; at < od->used; at += 1) {
    writer_byte(&out, od->line[at] < 0x80 && isprint(od->line[at]) ? (char)od->line[at] : '.');
  }
  writer_byte(&out, '<');
}

// How wide a number is so that the numbers of all formats stand below each other.
static int width_in(const struct formats *formats, const struct format *format) {
  int widest = 0;
  for (int index = 0; index < formats->count; index += 1) {
    const struct format *other = &formats->list[index];
    int for_eight = other->width * (8 / other->size);
    if (for_eight > widest) widest = for_eight;
  }
  return widest / (8 / format->size);
}

static void print_line(struct od *od) {
  memset(od->line + od->used, 0, (size_t)od->width - od->used);
  for (int index = 0; index < od->formats.count; index += 1) {
    const struct format *format = &od->formats.list[index];
    int width = width_in(&od->formats, format);
    if (index == 0) print_address(od);
    else if (od->radix != 'n') writer_format(&out, "%*s", od->radix == 'x' ? 6 : 7, "");
    for (size_t at = 0; at < od->used; at += (size_t)format->size) od_print(format, od->line + at, width);
    if (format->text) print_text(od, format, width);
    writer_byte(&out, '\n');
  }
}

static void end_line(struct od *od) {
  if (od->used == 0) return;
  bool whole = od->used == (size_t)od->width;
  bool same = whole && od->has_last && memcmp(od->line, od->last, od->used) == 0;
  if (same && !od->all_lines) {
    if (!od->starred) writer_text(&out, "*\n");
    od->starred = true;
  } else {
    print_line(od);
    od->starred = false;
    memcpy(od->last, od->line, (size_t)od->width);
    od->has_last = whole;
  }
  od->address += (int64_t)od->used;
  od->used = 0;
}

// Takes bytes of the input, all files one after another, past what is to be skipped.
static bool take(struct od *od, const unsigned char *piece, size_t length) {
  if (od->skip > 0) {
    size_t part = od->skip < (int64_t)length ? (size_t)od->skip : length;
    od->skip -= (int64_t)part;
    od->address += (int64_t)part;
    piece += part;
    length -= part;
  }
  while (length > 0 && od->most != 0) {
    size_t room = (size_t)od->width - od->used;
    size_t part = length < room ? length : room;
    if (od->most > 0 && (int64_t)part > od->most) part = (size_t)od->most;
    memcpy(od->line + od->used, piece, part);
    od->used += part;
    piece += part;
    length -= part;
    if (od->most > 0) od->most -= (int64_t)part;
    if (od->used == (size_t)od->width) end_line(od);
  }
  return od->most != 0;
}

static bool read_file(struct od *od, const char *name) {
  int fd = input_open(name);
  if (fd < 0) return false;
  enum { PIECE = 65536 };
  unsigned char *piece = must_alloc(PIECE);
  ptrdiff_t count = 0;
  // Not a byte more is taken than is printed: others may read on.
  while (od->most != 0) {
    int64_t most = od->most < 0 ? PIECE : od->most + od->skip;
    count = input_read(fd, name, piece, most < PIECE ? (size_t)most : PIECE);
    if (count <= 0 || !take(od, piece, (size_t)count)) break;
  }
  free(piece);
  input_close(fd);
  return count >= 0;
}

static const char *old_type(int letter) {
  for (size_t index = 0; index < sizeof OLD / sizeof *OLD; index += 1) {
    if (OLD[index].letter == letter) return OLD[index].type;
  }
  return NULL;
}

// Offsets may be octal and hexadecimal.
static bool read_offset(const char *text, int64_t *value) {
  char *end;
  if (*text != '0' || text[1] == '\0') return parse_size(text, value);
  *value = strtoll(text, &end, 0);
  return *value >= 0 && *end == '\0';
}

static bool set(struct od *od, int option) {
  switch (option) {
    case 'A': od->radix = *optarg; return strlen(optarg) == 1 && strchr("doxn", *optarg) != NULL;
    case 'j': return read_offset(optarg, &od->skip);
    case 'N': return read_offset(optarg, &od->most);
    case 't': return od_add_formats(&od->formats, optarg);
    case 'v': od->all_lines = true; return true;
    case 'w':
      od->width = 32;
      return optarg == NULL || (parse_number(optarg, 65536, &od->width) && od->width > 0);
    default: return od_add_formats(&od->formats, old_type(option));
  }
}

static int run(struct od *od, char *const *names) {
  static char *const standard[] = {"-", NULL};
  bool good = true;
  for (names = *names == NULL ? standard : names; *names != NULL; names += 1) {
    good = read_file(od, *names) && good;
  }
  end_line(od);
  if (od->skip > 0 && good) {
    message("cannot skip past end of combined input");
    good = false;
  } else {
    print_address(od);
    if (od->radix != 'n') writer_byte(&out, '\n');
  }
  free(od->line);
  free(od->last);
  return writer_finish(good ? 0 : 1);
}

int od_main(int argc, char **argv) {
  struct od od = {.radix = 'o', .most = -1, .width = 16};
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    if (option == OPTIONS_OVER) return options_status;
    if (set(&od, option)) continue;
    message("invalid argument '%s'", optarg == NULL ? "" : optarg);
    return 1;
  }
  if (od.formats.count == 0) od_add_formats(&od.formats, "o2");
  for (int index = 0; index < od.formats.count; index += 1) {
    if (od.width % od.formats.list[index].size == 0) continue;
    message("invalid line width %lld", (long long)od.width);
    return 1;
  }
  od.line = must_alloc((size_t)od.width + 8);
  od.last = must_alloc((size_t)od.width + 8);
  return run(&od, argv + optind);
}
