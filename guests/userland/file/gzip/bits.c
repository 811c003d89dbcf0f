#include <errno.h>
#include <string.h>

#include "flate.h"
#include "lib/transfer.h"

bool has_byte(struct bit_reader *reader) {
  if (reader->next < reader->filled) return true;
  if (reader->failed) return false;
  ssize_t count = read_some(reader->from, reader->bytes, TRANSFER_SIZE);
  reader->failed = count < 0;
  reader->next = 0;
  reader->filled = count > 0 ? (size_t)count : 0;
  return count > 0;
}

static void fill(struct bit_reader *reader, int count) {
  while (reader->count < count) {
    if (!has_byte(reader)) return;
    reader->bits |= (uint32_t)reader->bytes[reader->next++] << reader->count;
    reader->count += 8;
  }
}

uint32_t peek_bits(struct bit_reader *reader, int count) {
  if (reader->count < count) fill(reader, count);
  return reader->bits & ((1u << count) - 1);
}

void drop_bits(struct bit_reader *reader, int count) {
  if (count > reader->count) {
    reader->ended = true;
    reader->bits = 0;
    reader->count = 0;
    return;
  }
  reader->bits >>= count;
  reader->count -= count;
}

uint32_t take_bits(struct bit_reader *reader, int count) {
  uint32_t bits = peek_bits(reader, count);
  drop_bits(reader, count);
  return bits;
}

void drop_to_byte(struct bit_reader *reader) { drop_bits(reader, reader->count & 7); }

void flush_bits(struct bit_writer *writer) {
  if (writer->error == 0 && !write_all(writer->to, writer->bytes, writer->filled)) writer->error = errno;
  writer->filled = 0;
}

void put_bits(struct bit_writer *writer, uint32_t bits, int count) {
  writer->bits |= (uint64_t)bits << writer->count;
  writer->count += count;
  while (writer->count >= 8) {
    writer->bytes[writer->filled++] = (unsigned char)writer->bits;
    writer->bits >>= 8;
    writer->count -= 8;
    if (writer->filled == TRANSFER_SIZE) flush_bits(writer);
  }
}

void put_to_byte(struct bit_writer *writer) {
  if (writer->count > 0) put_bits(writer, 0, 8 - writer->count);
}
