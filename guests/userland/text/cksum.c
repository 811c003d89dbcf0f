// cksum (POSIX), crc32 (as in gzip) and sum (BSD's, or -s System V's): short sums of files.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/lines.h"
#include "lib/memory.h"
#include "lib/options.h"
#include "lib/writer.h"

enum { PIECE = 65536 };

static const struct options PLAIN = {"[FILE]...", "", NULL, 1};
static const struct option SUM_NAMES[] = {{"sysv", no_argument, NULL, 's'}, {NULL, 0, NULL, 0}};
static const struct options SUM = {"[-rs] [FILE]...", "rs", SUM_NAMES, 1};

struct sum {
  uint32_t value;
  uint64_t length;
};

typedef void add_piece(struct sum *sum, const unsigned char *piece, size_t length);

static uint32_t high_first[256];
static uint32_t low_first[256];

// The polynomial of Ethernet, and the same with its bits in the other order.
static void make_tables(void) {
  for (uint32_t byte = 0; byte < 256; byte += 1) {
    uint32_t high = byte << 24;
    uint32_t low = byte;
    for (int bit = 0; bit < 8; bit += 1) {
      high = high << 1 ^ ((high & 0x80000000) != 0 ? 0x04c11db7 : 0);
      low = low >> 1 ^ ((low & 1) != 0 ? 0xedb88320 : 0);
    }
    high_first[byte] = high;
    low_first[byte] = low;
  }
}

static void add_posix(struct sum *sum, const unsigned char *piece, size_t length) {
  for (size_t at = 0; at < length; at += 1) {
    sum->value = sum->value << 8 ^ high_first[(sum->value >> 24 ^ piece[at]) & 0xff];
  }
}

static void add_gzip(struct sum *sum, const unsigned char *piece, size_t length) {
  for (size_t at = 0; at < length; at += 1) {
    sum->value = sum->value >> 8 ^ low_first[(sum->value ^ piece[at]) & 0xff];
  }
}

static void add_bsd(struct sum *sum, const unsigned char *piece, size_t length) {
  for (size_t at = 0; at < length; at += 1) {
    uint32_t turned = (sum->value >> 1) + ((sum->value & 1) << 15);
    sum->value = (turned + piece[at]) & 0xffff;
  }
}

static void add_system_v(struct sum *sum, const unsigned char *piece, size_t length) {
  for (size_t at = 0; at < length; at += 1) sum->value += piece[at];
}

static bool sum_file(const char *name, add_piece *add, struct sum *sum) {
  int fd = input_open(name);
  if (fd < 0) return false;
  unsigned char *piece = must_alloc(PIECE);
  ptrdiff_t count;
  while ((count = input_read(fd, name, piece, PIECE)) > 0) {
    add(sum, piece, (size_t)count);
    sum->length += (uint64_t)count;
  }
  free(piece);
  input_close(fd);
  return count == 0;
}

// What is printed of a file: before its name, or the whole line when it has none.
typedef bool one_file(const char *name, bool several);

static void print_name(const char *name) {
  if (name != NULL) writer_format(&out, " %s", name);
  writer_byte(&out, '\n');
}

static const char *file_of(const char *name) { return name == NULL ? "-" : name; }

static bool posix(const char *name, bool several) {
  struct sum sum = {0, 0};
  (void)several;
  if (!sum_file(file_of(name), add_posix, &sum)) return false;
  // The length is part of the sum, its lowest byte first.
  unsigned char bytes[8];
  size_t count = 0;
  for (uint64_t length = sum.length; length > 0; length >>= 8) bytes[count++] = (unsigned char)length;
  add_posix(&sum, bytes, count);
  writer_format(&out, "%lu %llu", (unsigned long)~sum.value & 0xffffffffUL, (unsigned long long)sum.length);
  print_name(name);
  return true;
}

static bool gzip(const char *name, bool several) {
  struct sum sum = {0xffffffff, 0};
  if (!sum_file(file_of(name), add_gzip, &sum)) return false;
  writer_format(&out, "%08lx", (unsigned long)(sum.value ^ 0xffffffff));
  print_name(several ? name : NULL);
  return true;
}

static bool bsd(const char *name, bool several) {
  struct sum sum = {0, 0};
  (void)several;
  if (!sum_file(file_of(name), add_bsd, &sum)) return false;
  unsigned long long blocks = (sum.length + 1023) / 1024;
  writer_format(&out, "%05lu %5llu", (unsigned long)sum.value, blocks);
  print_name(name);
  return true;
}

static bool system_v(const char *name, bool several) {
  struct sum sum = {0, 0};
  (void)several;
  if (!sum_file(file_of(name), add_system_v, &sum)) return false;
  uint32_t folded = (sum.value & 0xffff) + (sum.value >> 16);
  folded = (folded & 0xffff) + (folded >> 16);
  writer_format(&out, "%lu %llu", (unsigned long)folded, (unsigned long long)(sum.length + 511) / 512);
  print_name(name);
  return true;
}

static int all(char *const *names, one_file *one) {
  bool good = true;
  make_tables();
  if (*names == NULL) good = one(NULL, false);
  bool several = *names != NULL && names[1] != NULL;
  for (; *names != NULL; names += 1) good = one(*names, several) && good;
  return writer_finish(good ? 0 : 1);
}

int cksum_main(int argc, char **argv) {
  if (next_option(argc, argv, &PLAIN) != OPTIONS_END) return options_status;
  return all(argv + optind, posix);
}

int crc32_main(int argc, char **argv) {
  if (next_option(argc, argv, &PLAIN) != OPTIONS_END) return options_status;
  return all(argv + optind, gzip);
}

int sum_main(int argc, char **argv) {
  one_file *one = bsd;
  int option;
  while ((option = next_option(argc, argv, &SUM)) != OPTIONS_END) {
    if (option == OPTIONS_OVER) return options_status;
    one = option == 's' ? system_v : bsd;
  }
  return all(argv + optind, one);
}
