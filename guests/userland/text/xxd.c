// xxd: a hexadecimal dump, and back from one.
#include <ctype.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/bytes.h"
#include "lib/lines.h"
#include "lib/message.h"
#include "lib/number.h"
#include "lib/options.h"
#include "lib/writer.h"

static const struct options OPTIONS = {
    "[-pirub] [-c COLUMNS] [-g BYTES] [-l LENGTH] [-s SKIP] [-o OFFSET] [INPUT [OUTPUT]]",
    "pirubc:g:l:s:o:", NULL, 1};

struct xxd {
  char form;  // 0, p (plain), i (C), b (bits)
  bool back;
  bool upper;
  int64_t columns;
  int64_t group;
  int64_t length;
  int64_t skip;
  int64_t offset;
};

static void print_hex(const struct xxd *how, unsigned char byte) {
  writer_format(&out, how->upper ? "%02X" : "%02x", byte);
}

static void print_bits(unsigned char byte) {
  for (int bit = 7; bit >= 0; bit -= 1) writer_byte(&out, (char)('0' + (byte >> bit & 1)));
}

static void dump_line(const struct xxd *how, int64_t address, const unsigned char *line, int64_t used) {
  int digits = how->form == 'b' ? 8 : 2;
  writer_format(&out, "%08llx: ", (long long)address);
  for (int64_t at = 0; at < how->columns; at += 1) {
    if (at >= used) writer_format(&out, "%*s", digits, "");
    else if (how->form == 'b') print_bits(line[at]);
    else print_hex(how, line[at]);
    bool last = at + 1 == how->columns;
    if (how->group > 0 && ((at + 1) % how->group == 0 || last)) writer_byte(&out, ' ');
  }
  writer_text(&out, how->group > 0 ? " " : "  ");
  for (int64_t at = 0; at < used; at += 1) {
    writer_byte(&out, line[at] < 0x80 && isprint(line[at]) ? (char)line[at] : '.');
  }
  writer_byte(&out, '\n');
}

// Lines of an array in C, or of plain digits.
static void print_line(const struct xxd *how, int64_t address, const unsigned char *line, int64_t used) {
  if (how->form == 'i' && address > how->skip + how->offset) writer_text(&out, ",\n");
  for (int64_t at = 0; at < used; at += 1) {
    if (how->form == 'i') writer_format(&out, how->upper ? "%s0X%02X" : "%s0x%02x", at == 0 ? "  " : ", ", line[at]);
    else print_hex(how, line[at]);
  }
  if (how->form == 'p') writer_byte(&out, '\n');
}

static bool skip_input(struct lines *input, int64_t skip) {
  while (skip > 0 && !lines_over(input)) {
    size_t there = input->end - input->start;
    size_t part = skip < (int64_t)there ? (size_t)skip : there;
    input->start += part;
    skip -= (int64_t)part;
  }
  return skip == 0;
}

// Moves up to `columns` bytes to `line`.
static int64_t next_line(const struct xxd *how, struct lines *input, unsigned char *line, int64_t left) {
  int64_t used = 0;
  int64_t room = left >= 0 && left < how->columns ? left : how->columns;
  while (used < room && !lines_over(input)) {
    size_t there = input->end - input->start;
    size_t part = (int64_t)there < room - used ? there : (size_t)(room - used);
    memcpy(line + used, input->buffer + input->start, part);
    input->start += part;
    used += (int64_t)part;
  }
  return used;
}

// The name of an array: the file's, with what no name may have as underscores.
static void print_name(const char *name, const char *ending) {
  if (isdigit((unsigned char)*name)) writer_text(&out, "__");
  for (; *name != '\0'; name += 1) writer_byte(&out, isalnum((unsigned char)*name) ? *name : '_');
  writer_text(&out, ending);
}

static void dump(const struct xxd *how, struct lines *input, const char *name) {
  enum { MOST = 256 };
  unsigned char line[MOST];
  int64_t left = how->length;
  int64_t address = how->skip + how->offset;
  int64_t total = 0;
  int64_t used;
  bool array = how->form == 'i' && strcmp(name, "-") != 0;
  if (array) {
    writer_text(&out, "unsigned char ");
    print_name(name, "[] = {\n");
  }
  while (left != 0 && (used = next_line(how, input, line, left)) > 0) {
    if (how->form == 'p' || how->form == 'i') print_line(how, address, line, used);
    else dump_line(how, address, line, used);
    address += used;
    total += used;
    if (left > 0) left -= used;
  }
  if (how->form == 'i' && total > 0) writer_byte(&out, '\n');
  if (!array) return;
  writer_text(&out, "};\nunsigned int ");
  print_name(name, "_len");
  writer_format(&out, " = %lld;\n", (long long)total);
}

static int digit_of(char byte) {
  if (isdigit((unsigned char)byte)) return byte - '0';
  byte = (char)tolower((unsigned char)byte);
  return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

// Digits of a plain dump, whatever stands between them.
static void plain_back(struct lines *input) {
  struct line line;
  int half = -1;
  while (lines_next(input, &line)) {
    for (size_t at = 0; at < line.length; at += 1) {
      int digit = digit_of(line.text[at]);
      if (digit < 0) continue;
      if (half >= 0) writer_byte(&out, (char)(half << 4 | digit));
      half = half >= 0 ? -1 : digit;
    }
  }
}

// Where the bytes of a line belong. Files that cannot be moved in get zeros in between.
static bool move_to(int64_t *position, int64_t address) {
  if (address == *position) return true;
  if (address > *position && address - *position < 1 << 24) {
    for (; *position < address; *position += 1) writer_byte(&out, '\0');
    return true;
  }
  writer_flush(&out);
  *position = address;
  return lseek(out.fd, (off_t)address, SEEK_SET) >= 0;
}

static bool back(const struct xxd *how, struct lines *input) {
  struct line line;
  int64_t position = 0;
  while (lines_next(input, &line)) {
    char *at;
    long long address = strtoll(line.text, &at, 16);
    if (*at != ':') continue;
    if (!move_to(&position, address + how->offset)) {
      message_errno("cannot seek");
      return false;
    }
    // Two blanks end the digits.
    for (at += at[1] == ' ' ? 2 : 1; digit_of(*at) >= 0 && digit_of(at[1]) >= 0;) {
      writer_byte(&out, (char)(digit_of(*at) << 4 | digit_of(at[1])));
      position += 1;
      at += 2;
      if (*at == ' ') at += 1;
    }
  }
  return true;
}

static bool read_offset(const char *text, int64_t *value) {
  char *end;
  *value = strtoll(text, &end, 0);
  return end != text && *end == '\0' && *value >= 0;
}

static bool set(struct xxd *how, int option) {
  switch (option) {
    case 'r': how->back = true; return true;
    case 'u': how->upper = true; return true;
    case 'c': return read_offset(optarg, &how->columns) && how->columns <= 256;
    case 'g': return read_offset(optarg, &how->group);
    case 'l': return read_offset(optarg, &how->length);
    case 's': return read_offset(optarg, &how->skip);
    case 'o': return read_offset(optarg, &how->offset);
    default: how->form = (char)option; return true;
  }
}

int xxd_main(int argc, char **argv) {
  struct xxd how = {.length = -1, .group = -1};
  static char plain[] = "-p";
  int option;
  for (int index = 1; index < argc; index += 1) {
    if (strcmp(argv[index], "-ps") == 0 || strcmp(argv[index], "-plain") == 0) argv[index] = plain;
  }
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    if (option == OPTIONS_OVER) return options_status;
    if (set(&how, option)) continue;
    message("invalid number '%s'", optarg);
    return 1;
  }
  if (how.columns == 0) how.columns = how.form == 'p' ? 30 : how.form == 'i' ? 12 : how.form == 'b' ? 6 : 16;
  if (how.group < 0) how.group = how.form == 'b' ? 1 : 2;
  const char *name = optind < argc ? argv[optind] : "-";
  struct lines input;
  if (!lines_open(&input, name, '\n')) return 2;
  if (optind + 1 < argc && strcmp(argv[optind + 1], "-") != 0) {
    out.name = argv[optind + 1];
    out.fd = open(out.name, O_WRONLY | O_CREAT | O_CLOEXEC | (how.back ? 0 : O_TRUNC), 0666);
    if (out.fd < 0) {
      message_errno("%s", out.name);
      return 3;
    }
  }
  bool good = how.back || skip_input(&input, how.skip);
  if (how.back && how.form == 'p') plain_back(&input);
  else if (how.back) good = back(&how, &input);
  else dump(&how, &input, name);
  return writer_finish(lines_close(&input) && good ? 0 : 1);
}
