// base64 and base32: bytes as letters and digits, and back.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/lines.h"
#include "lib/memory.h"
#include "lib/message.h"
#include "lib/number.h"
#include "lib/options.h"
#include "lib/writer.h"

static const struct option NAMES[] = {{"decode", no_argument, NULL, 'd'},
                                      {"ignore-garbage", no_argument, NULL, 'i'},
                                      {"wrap", required_argument, NULL, 'w'},
                                      {NULL, 0, NULL, 0}};
static const struct options OPTIONS = {"[-di] [-w COLUMNS] [FILE]", "dDiw:", NAMES, 1};

// A group of bytes becomes a group of letters, each of so many bits.
struct alphabet {
  const char *letters;
  int bits;
  int bytes;
  int group;
};

static const struct alphabet BASE64 = {"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", 6, 3, 4};
static const struct alphabet BASE32 = {"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 5, 5, 8};

struct column {
  int64_t width;
  int64_t at;
};

static void put_letter(struct column *column, char letter) {
  if (column->width > 0 && column->at == column->width) {
    writer_byte(&out, '\n');
    column->at = 0;
  }
  writer_byte(&out, letter);
  column->at += 1;
}

static void encode_group(const struct alphabet *base, const unsigned char *bytes, int count,
                         struct column *column) {
  uint64_t value = 0;
  for (int at = 0; at < base->bytes; at += 1) value = value << 8 | (at < count ? bytes[at] : 0u);
  int letters = (count * 8 + base->bits - 1) / base->bits;
  for (int at = 0; at < base->group; at += 1) {
    int shift = base->bits * (base->group - 1 - at);
    unsigned digit = (unsigned)(value >> shift) & ((1u << base->bits) - 1);
    put_letter(column, at < letters ? base->letters[digit] : '=');
  }
}

static void encode(const struct alphabet *base, struct lines *input, int64_t width) {
  struct column column = {width, 0};
  unsigned char group[8];
  int used = 0;
  while (!lines_over(input)) {
    while (input->start < input->end) {
      group[used++] = (unsigned char)input->buffer[input->start++];
      if (used < base->bytes) continue;
      encode_group(base, group, used, &column);
      used = 0;
    }
  }
  if (used > 0) encode_group(base, group, used, &column);
  if (column.at > 0 && width > 0) writer_byte(&out, '\n');
}

struct decoder {
  uint64_t value;
  int letters;  // in this group
  int padding;
};

// The bytes of a group that is whole, or that the end cut off.
static bool end_group(const struct alphabet *base, struct decoder *decoder) {
  int letters = decoder->letters - decoder->padding;
  int count = letters * base->bits / 8;
  uint64_t value = decoder->value << (base->bits * (base->group - letters));
  for (int at = 0; at < count; at += 1) {
    writer_byte(&out, (char)(value >> (8 * (base->bytes - 1 - at))));
  }
  bool good = letters * base->bits % 8 < base->bits && (count > 0 || letters == 0);
  *decoder = (struct decoder){0, 0, 0};
  return good;
}

static bool decode(const struct alphabet *base, struct lines *input, bool ignore) {
  signed char digits[256];
  memset(digits, -1, sizeof digits);
  for (int at = 0; base->letters[at] != '\0'; at += 1) digits[(unsigned char)base->letters[at]] = (signed char)at;
  struct decoder decoder = {0, 0, 0};
  while (!lines_over(input)) {
    while (input->start < input->end) {
      unsigned char byte = (unsigned char)input->buffer[input->start++];
      bool padding = byte == '=' && decoder.letters > 0;
      if (byte == '\n' || (ignore && digits[byte] < 0 && !padding)) continue;
      if (!padding && (digits[byte] < 0 || decoder.padding > 0)) return false;
      if (padding) decoder.padding += 1;
      else decoder.value = decoder.value << base->bits | (uint64_t)digits[byte];
      decoder.letters += 1;
      if (decoder.letters == base->group && !end_group(base, &decoder)) return false;
    }
  }
  // What a group without its padding says is given, but it is not whole.
  bool whole = decoder.letters == 0;
  end_group(base, &decoder);
  return whole;
}

static int run(int argc, char **argv, const struct alphabet *base) {
  int64_t width = 76;
  bool decodes = false;
  bool ignore = false;
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    switch (option) {
      case 'd':
      case 'D': decodes = true; break;
      case 'i': ignore = true; break;
      case 'w':
        if (parse_number(optarg, INT64_MAX, &width)) break;
        message("invalid wrap size: '%s'", optarg);
        return 1;
      default: return options_status;
    }
  }
  if (argc - optind > 1) return usage_error(&OPTIONS, "extra operand");
  struct lines input;
  if (!lines_open(&input, optind < argc ? argv[optind] : "-", '\n')) return 1;
  bool good = true;
  if (decodes) good = decode(base, &input, ignore);
  else encode(base, &input, width);
  writer_flush(&out);
  if (!good) message("invalid input");
  return lines_close(&input) && good ? 0 : 1;
}

int base64_main(int argc, char **argv) { return run(argc, argv, &BASE64); }

int base32_main(int argc, char **argv) { return run(argc, argv, &BASE32); }
