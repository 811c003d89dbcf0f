// Blocks, as they are written.
#include <string.h>

#include "flate.h"

enum { STORED = 0, FIXED = 1, DYNAMIC = 2, MOST_STORED = 65535, HIGHEST_LITERAL = 286, HIGHEST_DISTANCE = 30 };

struct codes {
  uint8_t literal_lengths[LITERALS], distance_lengths[DISTANCES];
  uint16_t literal_codes[LITERALS], distance_codes[DISTANCES];
};

// The lengths of both codes, run together: what the header of a dynamic block says.
struct header {
  uint8_t symbols[LITERALS + DISTANCES], extra[LITERALS + DISTANCES];
  int count;
  int literals, distances, order_count;
  uint8_t lengths[LENGTH_CODES];
  uint16_t codes[LENGTH_CODES];
};

int length_code(int length) {
  if (length == LONGEST_MATCH) return 28;
  int code = 27;
  while (length_base[code] > length) code -= 1;
  return code;
}

int distance_code(int distance) {
  int low = 0, high = 29;
  while (low < high) {
    int middle = (low + high + 1) / 2;
    if (distance_base[middle] <= distance) low = middle;
    else high = middle - 1;
  }
  return low;
}

static void count_symbols(const struct symbol *symbols, size_t count, uint32_t *literals, uint32_t *distances) {
  memset(literals, 0, LITERALS * sizeof *literals);
  memset(distances, 0, DISTANCES * sizeof *distances);
  literals[END_OF_BLOCK] = 1;
  for (size_t index = 0; index < count; index += 1) {
    if (symbols[index].distance == 0) {
      literals[symbols[index].length] += 1;
    } else {
      literals[257 + length_code(symbols[index].length)] += 1;
      distances[distance_code(symbols[index].distance)] += 1;
    }
  }
}

static void add_run(struct header *header, int symbol, int extra) {
  header->symbols[header->count] = (uint8_t)symbol;
  header->extra[header->count] = (uint8_t)extra;
  header->count += 1;
}

// Runs of one length: 16 repeats the last one, 17 and 18 are zeros.
static void pack_lengths(struct header *header, const uint8_t *lengths, int count) {
  for (int index = 0; index < count;) {
    int run = 1;
    while (index + run < count && lengths[index + run] == lengths[index]) run += 1;
    index += run;
    uint8_t length = lengths[index - run];
    if (length == 0) {
      for (; run >= 11; run -= run > 138 ? 138 : run) add_run(header, 18, (run > 138 ? 138 : run) - 11);
      if (run >= 3) add_run(header, 17, run - 3), run = 0;
    } else {
      add_run(header, length, 0);
      for (run -= 1; run >= 3; run -= run > 6 ? 6 : run) add_run(header, 16, (run > 6 ? 6 : run) - 3);
    }
    for (; run > 0; run -= 1) add_run(header, length, 0);
  }
}

static void make_header(struct header *header, const struct codes *codes) {
  uint8_t lengths[LITERALS + DISTANCES];
  header->literals = HIGHEST_LITERAL;
  while (header->literals > 257 && codes->literal_lengths[header->literals - 1] == 0) header->literals -= 1;
  header->distances = HIGHEST_DISTANCE;
  while (header->distances > 1 && codes->distance_lengths[header->distances - 1] == 0) header->distances -= 1;
  memcpy(lengths, codes->literal_lengths, (size_t)header->literals);
  memcpy(lengths + header->literals, codes->distance_lengths, (size_t)header->distances);
  header->count = 0;
  pack_lengths(header, lengths, header->literals + header->distances);
  uint32_t frequencies[LENGTH_CODES] = {0};
  for (int index = 0; index < header->count; index += 1) frequencies[header->symbols[index]] += 1;
  huffman_lengths(frequencies, LENGTH_CODES, 7, header->lengths);
  huffman_codes(header->lengths, LENGTH_CODES, header->codes);
  header->order_count = LENGTH_CODES;
  while (header->order_count > 4 && header->lengths[length_order[header->order_count - 1]] == 0) header->order_count -= 1;
}

static int extra_bits(int symbol) { return symbol == 16 ? 2 : symbol == 17 ? 3 : symbol == 18 ? 7 : 0; }

static uint64_t header_cost(const struct header *header) {
  uint64_t bits = 14 + 3 * (uint64_t)header->order_count;
  for (int index = 0; index < header->count; index += 1) {
    int symbol = header->symbols[index];
    bits += header->lengths[symbol] + (uint64_t)extra_bits(symbol);
  }
  return bits;
}

static void write_header(struct bit_writer *writer, const struct header *header) {
  put_bits(writer, (uint32_t)header->literals - 257, 5);
  put_bits(writer, (uint32_t)header->distances - 1, 5);
  put_bits(writer, (uint32_t)header->order_count - 4, 4);
  for (int index = 0; index < header->order_count; index += 1) put_bits(writer, header->lengths[length_order[index]], 3);
  for (int index = 0; index < header->count; index += 1) {
    int symbol = header->symbols[index];
    put_bits(writer, header->codes[symbol], header->lengths[symbol]);
    put_bits(writer, header->extra[index], extra_bits(symbol));
  }
}

static uint64_t body_cost(const struct codes *codes, const uint32_t *literals, const uint32_t *distances) {
  uint64_t bits = 0;
  for (int symbol = 0; symbol < HIGHEST_LITERAL; symbol += 1) {
    int extra = symbol >= 257 ? length_bits[symbol - 257] : 0;
    bits += (uint64_t)literals[symbol] * (uint64_t)(codes->literal_lengths[symbol] + extra);
  }
  for (int symbol = 0; symbol < HIGHEST_DISTANCE; symbol += 1) {
    bits += (uint64_t)distances[symbol] * (uint64_t)(codes->distance_lengths[symbol] + distance_bits[symbol]);
  }
  return bits;
}

static void make_fixed(struct codes *codes) {
  memset(codes->literal_lengths, 8, 144);
  memset(codes->literal_lengths + 144, 9, 112);
  memset(codes->literal_lengths + 256, 7, 24);
  memset(codes->literal_lengths + 280, 8, 8);
  memset(codes->distance_lengths, 5, DISTANCES);
}

static void write_symbols(struct bit_writer *writer, const struct codes *codes, const struct symbol *symbols, size_t count) {
  for (size_t index = 0; index < count; index += 1) {
    struct symbol symbol = symbols[index];
    if (symbol.distance == 0) {
      put_bits(writer, codes->literal_codes[symbol.length], codes->literal_lengths[symbol.length]);
      continue;
    }
    int length = length_code(symbol.length);
    put_bits(writer, codes->literal_codes[257 + length], codes->literal_lengths[257 + length]);
    put_bits(writer, (uint32_t)(symbol.length - length_base[length]), length_bits[length]);
    int distance = distance_code(symbol.distance);
    put_bits(writer, codes->distance_codes[distance], codes->distance_lengths[distance]);
    put_bits(writer, (uint32_t)(symbol.distance - distance_base[distance]), distance_bits[distance]);
  }
  put_bits(writer, codes->literal_codes[END_OF_BLOCK], codes->literal_lengths[END_OF_BLOCK]);
}

static void write_stored(struct bit_writer *writer, const unsigned char *raw, size_t length, bool last) {
  do {
    size_t part = length > MOST_STORED ? MOST_STORED : length;
    put_bits(writer, last && part == length, 1);
    put_bits(writer, STORED, 2);
    put_to_byte(writer);
    put_bits(writer, (uint32_t)part, 16);
    put_bits(writer, ~(uint32_t)part & 0xffff, 16);
    for (size_t index = 0; index < part; index += 1) put_bits(writer, raw[index], 8);
    raw += part;
    length -= part;
  } while (length > 0);
}

void write_deflate_block(struct bit_writer *writer, const struct symbol *symbols, size_t count, const unsigned char *raw,
                 size_t raw_length, bool last) {
  static struct codes dynamic, fixed;
  static struct header header;
  uint32_t literals[LITERALS], distances[DISTANCES];
  count_symbols(symbols, count, literals, distances);
  huffman_lengths(literals, LITERALS, MOST_CODE_LENGTH, dynamic.literal_lengths);
  huffman_lengths(distances, DISTANCES, MOST_CODE_LENGTH, dynamic.distance_lengths);
  make_header(&header, &dynamic);
  make_fixed(&fixed);
  uint64_t dynamic_cost = header_cost(&header) + body_cost(&dynamic, literals, distances);
  uint64_t fixed_cost = body_cost(&fixed, literals, distances);
  uint64_t stored_cost = (uint64_t)raw_length * 8 + (raw_length / MOST_STORED + 1) * 40;
  if (stored_cost < dynamic_cost && stored_cost < fixed_cost) {
    write_stored(writer, raw, raw_length, last);
    return;
  }
  struct codes *codes = fixed_cost <= dynamic_cost ? &fixed : &dynamic;
  huffman_codes(codes->literal_lengths, LITERALS, codes->literal_codes);
  huffman_codes(codes->distance_lengths, DISTANCES, codes->distance_codes);
  put_bits(writer, last, 1);
  put_bits(writer, codes == &fixed ? FIXED : DYNAMIC, 2);
  if (codes == &dynamic) write_header(writer, &header);
  write_symbols(writer, codes, symbols, count);
}
