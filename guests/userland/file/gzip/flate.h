// Deflate, RFC 1951, and gzip's members around it, RFC 1952.
#ifndef FILE_GZIP_FLATE_H
#define FILE_GZIP_FLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum {
  MOST_CODE_LENGTH = 15,
  LITERALS = 288,       // literals and lengths
  DISTANCES = 32,
  LENGTH_CODES = 19,
  END_OF_BLOCK = 256,
  SHORTEST_MATCH = 3,
  LONGEST_MATCH = 258,
  WINDOW = 32768,
};

// What lengths and distances begin with, and the bits that follow. RFC 1951, 3.2.5.
extern const uint16_t length_base[29], distance_base[30];
extern const uint8_t length_bits[29], distance_bits[30];
// The order in which the lengths of the code of lengths come. RFC 1951, 3.2.7.
extern const uint8_t length_order[LENGTH_CODES];

// Goes on with a checksum; it begins with 0.
uint32_t gzip_crc32(uint32_t crc, const void *bytes, size_t length);

// Reading -------------------------------------------------------------------------------------------

struct unpacker;
// All members of a gzip file, one after the other. `first`: bytes that were read from it already.
struct unpacker *open_unpacker(int from, const void *first, size_t first_length);
// How many bytes; 0 at the end, -1 when something is wrong.
ssize_t read_unpacked(struct unpacker *unpacker, void *bytes, size_t room);
// What is wrong, or NULL.
const char *unpacker_error(const struct unpacker *unpacker);
// Whether something that is no gzip came behind the last member.
bool unpacker_has_garbage(const struct unpacker *unpacker);
void close_unpacker(struct unpacker *unpacker);

// Writing -------------------------------------------------------------------------------------------

struct packer;
// `name` may be NULL; `modified` 0 stands for none. `level` is 1 to 9.
struct packer *open_packer(int to, int level, const char *name, uint32_t modified);
// False, with errno, when it could not be written.
bool write_packed(struct packer *packer, const void *bytes, size_t length);
// Writes what is left, also when something went wrong before; false then.
bool close_packer(struct packer *packer);

// Parts ---------------------------------------------------------------------------------------------

// How the bits come in, lowest first.
struct bit_reader {
  int from;
  unsigned char *bytes;
  size_t next, filled;
  uint32_t bits;
  int count;
  bool ended, failed;
};
// The next `count` (at most 16) bits; past the end they are zero, and `ended` is set.
uint32_t take_bits(struct bit_reader *reader, int count);
uint32_t peek_bits(struct bit_reader *reader, int count);
void drop_bits(struct bit_reader *reader, int count);
void drop_to_byte(struct bit_reader *reader);
// Whether there is one more byte.
bool has_byte(struct bit_reader *reader);

// The state of one deflated stream that is read.
struct inflater;
struct inflater *open_inflater(struct bit_reader *reader);
// Makes more output, if there is more. False when the stream is bad.
bool inflate_more(struct inflater *inflater);
// Takes output that was made.
size_t take_inflated(struct inflater *inflater, unsigned char *bytes, size_t room);
bool inflate_is_over(const struct inflater *inflater);
// Begins anew, for the next member.
void reset_inflater(struct inflater *inflater);
void close_inflater(struct inflater *inflater);

struct bit_writer {
  int to;
  unsigned char *bytes;
  size_t filled;
  uint64_t bits;
  int count;
  int error;  // errno of the first write that failed
};
void put_bits(struct bit_writer *writer, uint32_t bits, int count);
void put_to_byte(struct bit_writer *writer);
void flush_bits(struct bit_writer *writer);

struct deflater;
struct deflater *open_deflater(struct bit_writer *writer, int level);
void deflate_bytes(struct deflater *deflater, const unsigned char *bytes, size_t length);
void finish_deflating(struct deflater *deflater);
void close_deflater(struct deflater *deflater);

// What a block is made of: a literal (distance 0), or a match.
struct symbol {
  uint16_t length;    // or the literal
  uint16_t distance;  // 0: a literal
};
int length_code(int length);
int distance_code(int distance);
// Writes symbols as a block, in the shortest of the three ways. `raw` are the bytes they stand for.
void write_deflate_block(struct bit_writer *writer, const struct symbol *symbols, size_t count, const unsigned char *raw,
                 size_t raw_length, bool last);

// Lengths of a code for symbols this frequent, none longer than `longest`.
void huffman_lengths(const uint32_t *frequencies, int count, int longest, uint8_t *lengths);
// The codes of these lengths, with their bits in the order they are written.
void huffman_codes(const uint8_t *lengths, int count, uint16_t *codes);

#endif
