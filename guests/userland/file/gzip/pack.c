// Writing gzip files. RFC 1952.
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "flate.h"
#include "lib/memory.h"
#include "lib/transfer.h"

enum { HAS_NAME = 8, UNIX = 3, BEST = 2, FASTEST = 4 };

struct packer {
  struct bit_writer writer;
  struct deflater *deflater;
  uint32_t crc, size;
};

static void put_u32(struct bit_writer *writer, uint32_t value) {
  put_bits(writer, value & 0xffff, 16);
  put_bits(writer, value >> 16, 16);
}

struct packer *open_packer(int to, int level, const char *name, uint32_t modified) {
  struct packer *packer = must_alloc(sizeof *packer);
  memset(packer, 0, sizeof *packer);
  packer->writer.to = to;
  packer->writer.bytes = must_alloc(TRANSFER_SIZE);
  packer->deflater = open_deflater(&packer->writer, level);
  struct bit_writer *writer = &packer->writer;
  put_bits(writer, 0x8b1f, 16);
  put_bits(writer, 8, 8);
  put_bits(writer, name == NULL ? 0 : HAS_NAME, 8);
  put_u32(writer, modified);
  put_bits(writer, level == 9 ? BEST : level == 1 ? FASTEST : 0, 8);
  put_bits(writer, UNIX, 8);
  if (name == NULL) return packer;
  for (; *name != '\0'; name += 1) put_bits(writer, (unsigned char)*name, 8);
  put_bits(writer, 0, 8);
  return packer;
}

bool write_packed(struct packer *packer, const void *bytes, size_t length) {
  packer->crc = gzip_crc32(packer->crc, bytes, length);
  packer->size += (uint32_t)length;
  deflate_bytes(packer->deflater, bytes, length);
  errno = packer->writer.error;
  return packer->writer.error == 0;
}

bool close_packer(struct packer *packer) {
  struct bit_writer *writer = &packer->writer;
  finish_deflating(packer->deflater);
  put_to_byte(writer);
  put_u32(writer, packer->crc);
  put_u32(writer, packer->size);
  flush_bits(writer);
  int error = writer->error;
  close_deflater(packer->deflater);
  free(writer->bytes);
  free(packer);
  errno = error;
  return error == 0;
}
