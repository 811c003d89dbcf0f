// Reading gzip files: members with headers and checksums. RFC 1952.
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "flate.h"
#include "lib/memory.h"
#include "lib/transfer.h"

enum { HAS_CHECK = 2, HAS_EXTRA = 4, HAS_NAME = 8, HAS_COMMENT = 16, RESERVED = 0xe0 };

struct unpacker {
  struct bit_reader reader;
  struct inflater *inflater;
  const char *error;
  uint32_t crc;
  uint32_t size;
  bool in_member, any_member, over, garbage, bad;
};

struct unpacker *open_unpacker(int from, const void *first, size_t first_length) {
  struct unpacker *unpacker = must_alloc(sizeof *unpacker);
  memset(unpacker, 0, sizeof *unpacker);
  unpacker->reader.from = from;
  unpacker->reader.bytes = must_alloc(TRANSFER_SIZE);
  unpacker->reader.filled = first_length;
  if (first_length > 0) memcpy(unpacker->reader.bytes, first, first_length);
  unpacker->inflater = open_inflater(&unpacker->reader);
  return unpacker;
}

void close_unpacker(struct unpacker *unpacker) {
  close_inflater(unpacker->inflater);
  free(unpacker->reader.bytes);
  free(unpacker);
}

const char *unpacker_error(const struct unpacker *unpacker) { return unpacker->error; }
bool unpacker_has_garbage(const struct unpacker *unpacker) { return unpacker->garbage; }

static bool fail(struct unpacker *unpacker, const char *error) {
  if (unpacker->reader.failed) error = strerror(errno);
  else if (unpacker->reader.ended) error = "unexpected end of file";
  unpacker->error = error;
  return false;
}

static uint32_t take_u32(struct bit_reader *reader) {
  uint32_t low = take_bits(reader, 16);
  return low | take_bits(reader, 16) << 16;
}

static void skip_text(struct bit_reader *reader) {
  while (!reader->ended && take_bits(reader, 8) != 0) continue;
}

static bool read_header(struct unpacker *unpacker) {
  struct bit_reader *reader = &unpacker->reader;
  uint32_t method = take_bits(reader, 8);
  uint32_t flags = take_bits(reader, 8);
  if (reader->ended) return fail(unpacker, "unexpected end of file");
  if (method != 8) return fail(unpacker, "unknown compression method");
  if ((flags & RESERVED) != 0) return fail(unpacker, "unknown header flags");
  for (int skipped = 0; skipped < 6; skipped += 1) take_bits(reader, 8);
  if ((flags & HAS_EXTRA) != 0) {
    for (uint32_t left = take_bits(reader, 16); left > 0 && !reader->ended; left -= 1) take_bits(reader, 8);
  }
  if ((flags & HAS_NAME) != 0) skip_text(reader);
  if ((flags & HAS_COMMENT) != 0) skip_text(reader);
  if ((flags & HAS_CHECK) != 0) take_bits(reader, 16);
  return !reader->ended || fail(unpacker, "unexpected end of file");
}

// Zeros behind the last member are padding of a tape.
static void skip_padding(struct bit_reader *reader) {
  while ((reader->count >= 8 || has_byte(reader)) && peek_bits(reader, 8) == 0) drop_bits(reader, 8);
}

// The next member's header, or the end.
static bool begin_member(struct unpacker *unpacker) {
  struct bit_reader *reader = &unpacker->reader;
  if (unpacker->any_member) skip_padding(reader);
  if (reader->count < 8 && !has_byte(reader)) {
    if (reader->failed) return fail(unpacker, "");
    unpacker->over = true;
    return unpacker->any_member || fail(unpacker, "unexpected end of file");
  }
  uint32_t magic = peek_bits(reader, 16);
  if (magic != 0x8b1f) {
    unpacker->over = unpacker->garbage = unpacker->any_member;
    return unpacker->any_member || fail(unpacker, "not in gzip format");
  }
  drop_bits(reader, 16);
  if (!read_header(unpacker)) return false;
  reset_inflater(unpacker->inflater);
  unpacker->crc = unpacker->size = 0;
  unpacker->in_member = unpacker->any_member = true;
  return true;
}

static bool end_member(struct unpacker *unpacker) {
  struct bit_reader *reader = &unpacker->reader;
  drop_to_byte(reader);
  uint32_t crc = take_u32(reader);
  uint32_t size = take_u32(reader);
  unpacker->in_member = false;
  if (reader->ended) return fail(unpacker, "unexpected end of file");
  if (crc != unpacker->crc) return fail(unpacker, "invalid compressed data--crc error");
  return size == unpacker->size || fail(unpacker, "invalid compressed data--length error");
}

ssize_t read_unpacked(struct unpacker *unpacker, void *bytes, size_t room) {
  while (unpacker->error == NULL && !unpacker->over) {
    if (!unpacker->in_member) {
      begin_member(unpacker);
      continue;
    }
    // What was made before the bad place is still handed out.
    unpacker->bad = unpacker->bad || !inflate_more(unpacker->inflater);
    size_t count = take_inflated(unpacker->inflater, bytes, room);
    unpacker->crc = gzip_crc32(unpacker->crc, bytes, count);
    unpacker->size += (uint32_t)count;
    if (unpacker->bad && count == 0) fail(unpacker, "invalid compressed data--format violated");
    if (unpacker->error != NULL) break;
    if (!unpacker->bad && inflate_is_over(unpacker->inflater)) end_member(unpacker);
    if (count > 0) return (ssize_t)count;
  }
  return unpacker->error == NULL ? 0 : -1;
}
