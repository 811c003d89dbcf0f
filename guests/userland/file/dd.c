#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/memory.h"
#include "lib/message.h"
#include "lib/number.h"
#include "lib/options.h"
#include "lib/transfer.h"

static const struct options OPTIONS = {
  "[if=FILE] [of=FILE] [bs=N] [ibs=N] [obs=N] [count=N] [skip=N] [seek=N] "
  "[conv=notrunc,sync,noerror,fsync,excl,nocreat,ucase,lcase,swab] [iflag=fullblock,…] [status=none|noxfer]",
  "+", NULL, 1,
};

// Blocks larger than this are a mistake.
#define MOST_BLOCK (int64_t)(1 << 30)

enum { NOTRUNC = 1, SYNC = 2, NOERROR = 4, FSYNC = 8, EXCL = 16, NOCREAT = 32, UCASE = 64, LCASE = 128, SWAB = 256 };
enum { FULL_BLOCK = 1, COUNT_BYTES = 2, SKIP_BYTES = 4, SEEK_BYTES = 8, APPEND = 16 };

struct word {
  const char *name;
  unsigned bit;
};
static const struct word CONVERSIONS[] = {
  {"notrunc", NOTRUNC}, {"sync", SYNC}, {"noerror", NOERROR}, {"fsync", FSYNC}, {"fdatasync", FSYNC},
  {"excl", EXCL}, {"nocreat", NOCREAT}, {"ucase", UCASE}, {"lcase", LCASE}, {"swab", SWAB}, {NULL, 0},
};
static const struct word FLAGS[] = {
  {"fullblock", FULL_BLOCK}, {"count_bytes", COUNT_BYTES}, {"skip_bytes", SKIP_BYTES}, {"seek_bytes", SEEK_BYTES},
  {"append", APPEND}, {NULL, 0},
};

static const char *input_name, *output_name;
static int64_t in_block = 512, out_block = 512, both_block, skip_count, seek_count, most = -1;
static unsigned conversions, input_flags, output_flags;
static bool print_nothing, print_no_speed;

struct totals {
  int64_t full_in, part_in, full_out, part_out, bytes;
};

static bool parse_words(const char *text, const struct word *words, unsigned *bits) {
  while (*text != '\0') {
    size_t length = strcspn(text, ",");
    const struct word *word = words;
    while (word->name != NULL && (strlen(word->name) != length || strncmp(word->name, text, length) != 0)) word += 1;
    if (word->name == NULL) return false;
    *bits |= word->bit;
    text += length + (text[length] == ',' ? 1 : 0);
  }
  return true;
}

static bool parse_block(const char *text, int64_t *block) {
  return parse_size(text, block) && *block > 0 && *block <= MOST_BLOCK;
}

static bool parse_status(const char *text) {
  print_nothing = strcmp(text, "none") == 0;
  print_no_speed = strcmp(text, "noxfer") == 0;
  return print_nothing || print_no_speed || strcmp(text, "progress") == 0;
}

static bool parse_operand(const char *operand) {
  const char *equals = strchr(operand, '=');
  if (equals == NULL) return false;
  size_t length = (size_t)(equals - operand);
  const char *value = equals + 1;
#define IS(name) (length == sizeof name - 1 && strncmp(operand, name, length) == 0)
  if (IS("if")) return input_name = value, true;
  if (IS("of")) return output_name = value, true;
  if (IS("bs")) return parse_block(value, &both_block);
  if (IS("ibs")) return parse_block(value, &in_block);
  if (IS("obs")) return parse_block(value, &out_block);
  if (IS("count")) return parse_size(value, &most);
  if (IS("skip") || IS("iseek")) return parse_size(value, &skip_count);
  if (IS("seek") || IS("oseek")) return parse_size(value, &seek_count);
  if (IS("conv")) return parse_words(value, CONVERSIONS, &conversions);
  if (IS("iflag")) return parse_words(value, FLAGS, &input_flags);
  if (IS("oflag")) return parse_words(value, FLAGS, &output_flags);
  if (IS("status")) return parse_status(value);
#undef IS
  return false;
}

// blocks * size, or as many bytes as there can be.
static int64_t bytes_of(int64_t blocks, int64_t size) { return blocks > INT64_MAX / size ? INT64_MAX : blocks * size; }

static bool skip_input(int input, char *buffer) {
  int64_t left = (input_flags & SKIP_BYTES) != 0 ? skip_count : bytes_of(skip_count, in_block);
  if (left == 0 || lseek(input, (off_t)left, SEEK_CUR) >= 0) return true;
  while (left > 0) {
    size_t part = left < in_block ? (size_t)left : (size_t)in_block;
    ssize_t count = read_some(input, buffer, part);
    if (count < 0) return message_errno("error reading '%s'", input_name), false;
    if (count == 0) return true;
    left -= count;
  }
  return true;
}

static bool seek_output(int output) {
  int64_t offset = (output_flags & SEEK_BYTES) != 0 ? seek_count : bytes_of(seek_count, out_block);
  struct stat info;
  bool file = fstat(output, &info) == 0 && S_ISREG(info.st_mode);
  bool cut = output_name != NULL && file && (conversions & NOTRUNC) == 0 && (output_flags & APPEND) == 0;
  if (cut && ftruncate(output, (off_t)offset) != 0) {
    message_errno("failed to truncate '%s'", output_name);
    return false;
  }
  if (offset == 0 || lseek(output, (off_t)offset, SEEK_CUR) >= 0) return true;
  message_errno("cannot seek '%s'", output_name == NULL ? "standard output" : output_name);
  return false;
}

static void convert(char *bytes, ssize_t count) {
  for (ssize_t index = 0; index < count; index += 1) {
    char byte = bytes[index];
    if ((conversions & UCASE) != 0 && byte >= 'a' && byte <= 'z') bytes[index] = (char)(byte - 32);
    if ((conversions & LCASE) != 0 && byte >= 'A' && byte <= 'Z') bytes[index] = (char)(byte + 32);
  }
  if ((conversions & SWAB) == 0) return;
  for (ssize_t index = 0; index + 1 < count; index += 2) {
    char byte = bytes[index];
    bytes[index] = bytes[index + 1];
    bytes[index + 1] = byte;
  }
}

// What is to be written, until there is a block of it.
struct pending {
  char *bytes;
  size_t filled;
};

static bool write_block(int output, const char *bytes, size_t count, struct totals *totals) {
  if (!write_all(output, bytes, count)) {
    message_errno("error writing '%s'", output_name == NULL ? "standard output" : output_name);
    return false;
  }
  totals->bytes += (int64_t)count;
  if ((int64_t)count == out_block) totals->full_out += 1;
  else totals->part_out += 1;
  return true;
}

static bool gather(int output, struct pending *pending, const char *bytes, size_t count, struct totals *totals) {
  while (count > 0) {
    size_t room = (size_t)out_block - pending->filled;
    size_t part = count < room ? count : room;
    memcpy(pending->bytes + pending->filled, bytes, part);
    pending->filled += part;
    bytes += part;
    count -= part;
    if (pending->filled < (size_t)out_block) break;
    if (!write_block(output, pending->bytes, pending->filled, totals)) return false;
    pending->filled = 0;
  }
  return true;
}

static size_t next_size(const struct totals *totals, int64_t read_bytes) {
  if (most < 0) return (size_t)in_block;
  if ((input_flags & COUNT_BYTES) != 0) {
    int64_t left = most - read_bytes;
    return left < in_block ? (size_t)left : (size_t)in_block;
  }
  return totals->full_in + totals->part_in < most ? (size_t)in_block : 0;
}

static bool copy(int input, int output, char *buffer, struct totals *totals) {
  struct pending pending = {must_alloc((size_t)out_block), 0};
  bool good = true, failed = false;
  int64_t read_bytes = 0;
  size_t size;
  while (good && (size = next_size(totals, read_bytes)) > 0) {
    ssize_t count = (input_flags & FULL_BLOCK) != 0 ? read_full(input, buffer, size) : read_some(input, buffer, size);
    if (count == 0) break;
    if (count < 0) {
      message_errno("error reading '%s'", input_name == NULL ? "standard input" : input_name);
      failed = true;
      // On a file one goes on behind the bad block; anything else would say the same for ever.
      if ((conversions & NOERROR) == 0 || lseek(input, (off_t)in_block, SEEK_CUR) < 0) break;
      count = 0;
    }
    read_bytes += count;
    if (count == in_block) totals->full_in += 1;
    else totals->part_in += 1;
    if ((conversions & SYNC) != 0 && count < in_block) {
      memset(buffer + count, 0, (size_t)(in_block - count));
      count = in_block;
    }
    convert(buffer, count);
    // bs= writes what was read, however short.
    if (both_block > 0) good = count == 0 || write_block(output, buffer, (size_t)count, totals);
    else good = gather(output, &pending, buffer, (size_t)count, totals);
  }
  if (good && pending.filled > 0) good = write_block(output, pending.bytes, pending.filled, totals);
  free(pending.bytes);
  return good && !failed;
}

static void print_totals(const struct totals *totals, const struct timespec *start) {
  if (print_nothing) return;
  fprintf(stderr, "%lld+%lld records in\n", (long long)totals->full_in, (long long)totals->part_in);
  fprintf(stderr, "%lld+%lld records out\n", (long long)totals->full_out, (long long)totals->part_out);
  if (print_no_speed) return;
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  double seconds = (double)(now.tv_sec - start->tv_sec) + (double)(now.tv_nsec - start->tv_nsec) / 1e9;
  char speed[HUMAN_ROOM];
  human_size(seconds > 0 ? (uint64_t)((double)totals->bytes / seconds) : 0, speed);
  fprintf(stderr, "%lld bytes copied, %.6f s, %sB/s\n", (long long)totals->bytes, seconds, speed);
}

static int open_input(void) {
  int input = input_name == NULL ? STDIN_FILENO : open(input_name, O_RDONLY | O_CLOEXEC);
  if (input < 0) message_errno("failed to open '%s'", input_name);
  return input;
}

static int open_output(void) {
  if (output_name == NULL) return STDOUT_FILENO;
  int flags = O_WRONLY | O_CLOEXEC;
  if ((conversions & NOCREAT) == 0) flags |= O_CREAT;
  if ((conversions & EXCL) != 0) flags |= O_EXCL;
  if ((output_flags & APPEND) != 0) flags |= O_APPEND;
  int output = open(output_name, flags, 0666);
  if (output < 0) message_errno("failed to open '%s'", output_name);
  return output;
}

int dd_main(int argc, char **argv) {
  if (next_option(argc, argv, &OPTIONS) != OPTIONS_END) return options_status;
  for (int index = optind; index < argc; index += 1) {
    if (parse_operand(argv[index])) continue;
    message("unrecognized operand '%s'", argv[index]);
    return 1;
  }
  if (both_block > 0) in_block = out_block = both_block;
  int input = open_input();
  int output = input < 0 ? -1 : open_output();
  if (output < 0) return 1;
  struct timespec start;
  clock_gettime(CLOCK_MONOTONIC, &start);
  struct totals totals = {0, 0, 0, 0, 0};
  char *buffer = must_alloc((size_t)in_block);
  bool good = skip_input(input, buffer) && seek_output(output) && copy(input, output, buffer, &totals);
  free(buffer);
  if (good && (conversions & FSYNC) != 0 && fsync(output) != 0) {
    message_errno("fsync failed for '%s'", output_name == NULL ? "standard output" : output_name);
    good = false;
  }
  if (close(output) != 0 && good) {
    message_errno("closing '%s'", output_name);
    good = false;
  }
  print_totals(&totals, &start);
  return good ? 0 : 1;
}
