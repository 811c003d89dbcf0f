// Packs blocks as bzip2 does, short of the codes: long runs made short, all rotations sorted by a
// count and a quicksort in three parts, moved to front, zeros counted. Then unpacks and compares.
#include "kernel.h"

#define BLOCK 4000
#define MOST (BLOCK / 4 * 5 + 8)
#define SMALL 10
#define END 257

typedef struct {
  uint32_t count, primary;
  uint16_t symbols[MOST + 1];
} Packed;

static uint8_t source[BLOCK], restored[BLOCK];
/** The block twice, so that a rotation is a plain string. */
static uint8_t text[2 * MOST];
static uint32_t length;
static uint32_t order[MOST];
static uint8_t last[MOST];

/** From four of a kind on the fourth is followed by how many more there are. */
static NOINLINE uint32_t shorten(uint8_t *to, const uint8_t *from, uint32_t size) {
  uint32_t out = 0;
  for (uint32_t i = 0, run; i < size; i += run) {
    for (run = 1; i + run < size && run < 4 + 255 && from[i + run] == from[i]; run++);
    for (uint32_t j = 0; j < run && j < 4; j++) to[out++] = from[i];
    if (run >= 4) to[out++] = (uint8_t)(run - 4);
  }
  return out;
}

static NOINLINE uint32_t lengthen(uint8_t *to, const uint8_t *from, uint32_t size) {
  uint32_t out = 0, same = 0;
  for (uint32_t i = 0; i < size; i++) {
    same = i > 0 && same > 0 && from[i] == from[i - 1] ? same + 1 : 1;
    if (out < BLOCK) to[out++] = from[i];
    if (same < 4 || i + 1 == size) continue;
    for (uint32_t more = from[++i]; more > 0 && out < BLOCK; more--) to[out++] = from[i - 1];
    same = 0;
  }
  return out;
}

/** Whether one rotation comes before another that is the same up to a depth. */
static inline int is_before(uint32_t a, uint32_t b, uint32_t depth) {
  for (uint32_t i = depth; i < length; i++) {
    if (text[a + i] != text[b + i]) return text[a + i] < text[b + i];
  }
  return 0;
}

static void insert_all(uint32_t *low, uint32_t count, uint32_t depth) {
  for (uint32_t i = 1; i < count; i++) {
    uint32_t moved = low[i], j = i;
    for (; j > 0 && is_before(moved, low[j - 1], depth); j--) low[j] = low[j - 1];
    low[j] = moved;
  }
}

static inline uint8_t middle(uint8_t a, uint8_t b, uint8_t c) {
  if (a > b) return b > c ? b : a > c ? c : a;
  return a > c ? a : b > c ? c : b;
}

/** By the byte at a depth, into less, equal and more; the equal ones go on with the next byte. */
static NOINLINE void sort(uint32_t *low, uint32_t count, uint32_t depth) {
  while (count > SMALL && depth < length) {
    const uint8_t *column = text + depth;
    uint8_t pivot = middle(column[low[0]], column[low[count / 2]], column[low[count - 1]]);
    uint32_t less = 0, more = count;
    for (uint32_t i = 0; i < more;) {
      uint32_t rotation = low[i];
      uint8_t byte = column[rotation];
      if (byte < pivot) {
        low[i++] = low[less];
        low[less++] = rotation;
      } else if (byte > pivot) {
        low[i] = low[--more];
        low[more] = rotation;
      } else {
        i++;
      }
    }
    sort(low, less, depth);
    sort(low + more, count - more, depth);
    low += less;
    count = more - less;
    depth++;
  }
  insert_all(low, count, depth);
}

/** Leaves what precedes each rotation, in their order. Answers which one is the block itself. */
static uint32_t transform(void) {
  uint32_t starts[257] = {0}, ends[256], primary = 0;
  memcpy(text + length, text, length);
  for (uint32_t i = 0; i < length; i++) starts[text[i] + 1]++;
  for (int i = 0; i < 256; i++) ends[i] = starts[i + 1] += starts[i];
  for (uint32_t i = 0; i < length; i++) order[--ends[text[i]]] = i;
  for (int i = 0; i < 256; i++) sort(order + starts[i], starts[i + 1] - starts[i], 1);
  for (uint32_t i = 0; i < length; i++) {
    if (order[i] == 0) primary = i;
    last[i] = text[order[i] + length - 1];
  }
  return primary;
}

/** Zeros in a row are written as their count in digits one and two, the lowest first. */
static void put_zeros(Packed *to, uint32_t zeros) {
  for (; zeros > 0; zeros = (zeros - 1) / 2) to->symbols[to->count++] = (zeros - 1) % 2;
}

static NOINLINE void pack(Packed *to) {
  uint8_t recent[256];
  uint32_t zeros = 0;
  length = shorten(text, source, BLOCK);
  to->primary = transform();
  to->count = 0;
  for (int i = 0; i < 256; i++) recent[i] = (uint8_t)i;
  for (uint32_t i = 0; i < length; i++) {
    uint32_t place = 0;
    while (recent[place] != last[i]) place++;
    if (place == 0) {
      zeros++;
      continue;
    }
    put_zeros(to, zeros);
    zeros = 0;
    memmove(recent + 1, recent, place);
    recent[0] = last[i];
    to->symbols[to->count++] = (uint16_t)(place + 1);
  }
  put_zeros(to, zeros);
  to->symbols[to->count++] = END;
}

static NOINLINE uint32_t unpack(const Packed *from) {
  uint8_t recent[256];
  uint32_t size = 0, counts[256] = {0}, weight = 1, total = 0;
  for (int i = 0; i < 256; i++) recent[i] = (uint8_t)i;
  for (const uint16_t *symbol = from->symbols; *symbol != END; symbol++) {
    if (*symbol < 2) {
      uint32_t run = (*symbol + 1u) * weight;
      weight *= 2;
      memset(last + size, recent[0], run);
      size += run;
      continue;
    }
    weight = 1;
    uint8_t byte = recent[*symbol - 1];
    memmove(recent + 1, recent, *symbol - 1u);
    last[size++] = recent[0] = byte;
  }
  for (uint32_t i = 0; i < size; i++) counts[last[i]]++;
  for (int i = 0; i < 256; i++) {
    uint32_t count = counts[i];
    counts[i] = total;
    total += count;
  }
  for (uint32_t i = 0; i < size; i++) order[counts[last[i]]++] = i;
  for (uint32_t i = 0, at = from->primary; i < size; i++) text[i] = last[at = order[at]];
  return lengthen(restored, text, size);
}

/** In turn a text, a table of records and a picture with long runs. */
static void make_source(int kind) {
  static const char *const WORDS[] = {"the ", "block ", "of ", "sorted ", "text ", "and ", "then ",
                                      "is ", "moved ", "to ", "front, ", "again. ", "rotations "};
  uint32_t end = 0, serial = 0;
  while (end < BLOCK) {
    uint32_t draw = next_random(), size = 8;
    uint8_t part[64];
    if (kind == 0) {
      const char *word = WORDS[draw % 13 * (draw >> 8 & 15) / 15];
      memcpy(part, word, size = (uint32_t)strlen(word));
      if (draw >> 12 & 1) part[0] &= 0xDF;
    } else if (kind == 1) {
      uint32_t record[2] = {serial++ << 8 | 7, draw & 0x300FF};
      for (uint32_t i = 0; i < size; i++) part[i] = (uint8_t)(record[i / 4] >> i % 4 * 8);
    } else {
      size = draw % 7 == 0 ? 1 + (draw >> 4 & 63) : 1 + (draw >> 4 & 3);
      memset(part, (int)(draw >> 10 & 3) * 85, size);
    }
    if (size > BLOCK - end) size = BLOCK - end;
    memcpy(source + end, part, size);
    end += size;
  }
}

uint32_t run(int n) {
  static Packed packed;
  uint32_t sum = 0;
  seed = 601;
  for (int round = 0; round < n; round++) {
    make_source(round % 3);
    pack(&packed);
    sum = mix(mix(sum, packed.primary), packed.count);
    for (uint32_t i = 0; i < packed.count; i++) sum = mix(sum, packed.symbols[i]);
    uint32_t size = unpack(&packed);
    sum = mix(sum, size == BLOCK && memcmp(source, restored, BLOCK) == 0);
  }
  return sum;
}
