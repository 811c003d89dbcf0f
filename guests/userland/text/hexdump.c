// hexdump: bytes as numbers, in the forms of -b -c -C -d -o -x.
#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/lines.h"
#include "lib/memory.h"
#include "lib/message.h"
#include "lib/number.h"
#include "lib/options.h"
#include "lib/writer.h"

static const struct option NAMES[] = {{"canonical", no_argument, NULL, 'C'},
                                      {"length", required_argument, NULL, 'n'},
                                      {"skip", required_argument, NULL, 's'},
                                      {"no-squeezing", no_argument, NULL, 'v'},
                                      {NULL, 0, NULL, 0}};
static const struct options OPTIONS = {"[-bcCdoxv] [-n COUNT] [-s SKIP] [FILE]...", "bcCdoxvn:s:", NAMES, 1};

enum { LINE = 16 };

struct hexdump {
  char form;
  int64_t skip;
  int64_t most;  // -1: all
  bool all_lines;
  int64_t address;
  unsigned char line[LINE];
  size_t used;
  unsigned char last[LINE];
  bool has_last;
  bool starred;
};

static void canonical(const struct hexdump *how) {
  writer_format(&out, "%08llx", (long long)how->address);
  for (size_t at = 0; at < LINE; at += 1) {
    if (at % 8 == 0) writer_byte(&out, ' ');
    if (at < how->used) writer_format(&out, " %02x", how->line[at]);
    else writer_text(&out, "   ");
  }
  writer_text(&out, "  |");
  for (size_t at = 0; at < how->used; at += 1) {
    unsigned char byte = how->line[at];
    writer_byte(&out, byte < 0x80 && isprint(byte) ? (char)byte : '.');
  }
  writer_text(&out, "|\n");
}

static void character(unsigned char byte) {
  static const char escaped[] = "\0\a\b\f\n\r\t\v";
  static const char letters[] = "0abfnrtv";
  const char *found = memchr(escaped, byte, sizeof escaped - 1);
  if (found != NULL) writer_format(&out, "  \\%c", letters[found - escaped]);
  else writer_format(&out, byte < 0x80 && isprint(byte) ? "   %c" : " %03o", byte);
}

static void numbers(struct hexdump *how) {
  bool bytes = how->form == 'b' || how->form == 'c';
  size_t step = bytes ? 1 : 2;
  int width = bytes ? 4 : how->form == 'h' ? 5 : 8;
  size_t there = (how->used + step - 1) / step;
  writer_format(&out, "%07llx", (long long)how->address);
  if (how->used % 2 == 1) how->line[how->used] = 0;
  for (size_t at = 0; at < how->used; at += step) {
    unsigned value = how->line[at];
    if (!bytes) value |= (unsigned)how->line[at + 1] << 8;
    switch (how->form) {
      case 'b': writer_format(&out, " %03o", value); break;
      case 'c': character((unsigned char)value); break;
      case 'd': writer_format(&out, "   %05u", value); break;
      case 'o': writer_format(&out, "  %06o", value); break;
      case 'x': writer_format(&out, "    %04x", value); break;
      default: writer_format(&out, " %04x", value); break;
    }
  }
  writer_format(&out, "%*s\n", (int)(LINE / step - there) * width, "");
}

static void end_line(struct hexdump *how) {
  if (how->used == 0) return;
  bool same = how->used == LINE && how->has_last && memcmp(how->line, how->last, LINE) == 0;
  if (same && !how->all_lines) {
    if (!how->starred) writer_text(&out, "*\n");
    how->starred = true;
  } else {
    memcpy(how->last, how->line, LINE);
    how->has_last = how->used == LINE;
    how->starred = false;
    if (how->form == 'C') canonical(how);
    else numbers(how);
  }
  how->address += (int64_t)how->used;
  how->used = 0;
}

static void take(struct hexdump *how, const unsigned char *piece, size_t length) {
  for (size_t at = 0; at < length && how->most != 0; at += 1) {
    if (how->skip > 0) {
      how->skip -= 1;
      how->address += 1;
      continue;
    }
    how->line[how->used++] = piece[at];
    if (how->most > 0) how->most -= 1;
    if (how->used == LINE) end_line(how);
  }
}

static bool read_file(struct hexdump *how, const char *name) {
  enum { PIECE = 65536 };
  int fd = input_open(name);
  if (fd < 0) return false;
  unsigned char *piece = must_alloc(PIECE);
  ptrdiff_t count = 0;
  while (how->most != 0) {
    int64_t most = how->most < 0 ? PIECE : how->most + how->skip;
    count = input_read(fd, name, piece, most < PIECE ? (size_t)most : PIECE);
    if (count <= 0) break;
    take(how, piece, (size_t)count);
  }
  free(piece);
  input_close(fd);
  return count >= 0;
}

static bool read_offset(const char *text, int64_t *value) {
  char *end;
  if (*text != '0' || text[1] == '\0') return parse_size(text, value);
  *value = strtoll(text, &end, 0);
  return *value >= 0 && *end == '\0';
}

int hexdump_main(int argc, char **argv) {
  struct hexdump how = {.form = 'h', .most = -1};
  static char *const standard[] = {"-", NULL};
  int option;
  // hd is hexdump -C.
  if (strcmp(message_name, "hd") == 0) how.form = 'C';
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    switch (option) {
      case 'v': how.all_lines = true; break;
      case 'n':
      case 's':
        if (read_offset(optarg, option == 'n' ? &how.most : &how.skip)) break;
        message("invalid number '%s'", optarg);
        return 1;
      case OPTIONS_OVER: return options_status;
      default: how.form = (char)option; break;
    }
  }
  bool good = true;
  for (char *const *names = optind < argc ? argv + optind : standard; *names != NULL; names += 1) {
    good = read_file(&how, *names) && good;
  }
  end_line(&how);
  if (how.address > 0 || how.starred) {
    writer_format(&out, how.form == 'C' ? "%08llx\n" : "%07llx\n", (long long)how.address);
  }
  return writer_finish(good ? 0 : 1);
}
