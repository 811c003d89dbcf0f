// Finding matches: a hash of three bytes leads to the chain of places where they were seen before.
#include <stdlib.h>
#include <string.h>

#include "flate.h"
#include "lib/memory.h"

enum {
  HASH_SIZE = 1 << 15,
  BLOCK_SIZE = 98304,                 // bytes that become one block
  BUFFER_SIZE = WINDOW + BLOCK_SIZE,  // what matches may reach back to, and the block
};

struct effort {
  int chain;  // places that are tried
  int good;   // a match this long is not looked past
  bool lazy;  // whether the next byte may begin a better one
};
static const struct effort EFFORTS[10] = {
  {4, 8, false},   {4, 8, false},   {8, 16, false},   {16, 32, false},   {16, 16, true},
  {32, 32, true},  {128, 128, true}, {256, 128, true}, {1024, 258, true}, {4096, 258, true},
};

struct deflater {
  struct bit_writer *writer;
  struct effort effort;
  unsigned char *buffer;
  size_t start, end;  // what of the buffer is still to be written
  int32_t head[HASH_SIZE];
  int32_t previous[WINDOW];
  struct symbol *symbols;
  size_t symbol_count;
};

struct deflater *open_deflater(struct bit_writer *writer, int level) {
  struct deflater *deflater = must_alloc(sizeof *deflater);
  deflater->writer = writer;
  deflater->effort = EFFORTS[level];
  deflater->buffer = must_alloc(BUFFER_SIZE);
  deflater->start = deflater->end = 0;
  memset(deflater->head, 0xff, sizeof deflater->head);
  memset(deflater->previous, 0xff, sizeof deflater->previous);
  deflater->symbols = must_alloc(BLOCK_SIZE * sizeof *deflater->symbols);
  deflater->symbol_count = 0;
  return deflater;
}

void close_deflater(struct deflater *deflater) {
  free(deflater->buffer);
  free(deflater->symbols);
  free(deflater);
}

static uint32_t hash_of(const unsigned char *bytes) {
  uint32_t value = (uint32_t)bytes[0] << 16 | (uint32_t)bytes[1] << 8 | bytes[2];
  return value * 2654435761u >> 17;
}

static void remember(struct deflater *deflater, size_t at) {
  if (at + SHORTEST_MATCH > deflater->end) return;
  uint32_t hash = hash_of(deflater->buffer + at);
  deflater->previous[at % WINDOW] = deflater->head[hash];
  deflater->head[hash] = (int32_t)at;
}

static int match_length(const unsigned char *left, const unsigned char *right, int most) {
  int length = 0;
  while (length < most && left[length] == right[length]) length += 1;
  return length;
}

struct match {
  int length, distance;
};

// The longest match at a place that is longer than `than`.
static struct match find_match(const struct deflater *deflater, size_t at, int than) {
  struct match best = {than, 0};
  size_t left = deflater->end - at;
  int most = left < LONGEST_MATCH ? (int)left : LONGEST_MATCH;
  if (most < SHORTEST_MATCH || than >= most) return best;
  const unsigned char *here = deflater->buffer + at;
  int32_t candidate = deflater->head[hash_of(here)];
  for (int tries = deflater->effort.chain; tries > 0 && candidate >= 0; tries -= 1) {
    size_t distance = at - (size_t)candidate;
    if (distance > WINDOW || distance == 0) break;
    const unsigned char *there = deflater->buffer + candidate;
    if (there[best.length] == here[best.length]) {
      int length = match_length(here, there, most);
      if (length > best.length) {
        best = (struct match){length, (int)distance};
        if (length >= deflater->effort.good || length == most) break;
      }
    }
    int32_t next = deflater->previous[(size_t)candidate % WINDOW];
    // A place that was written over since would lead forwards.
    if (next >= candidate) break;
    candidate = next;
  }
  return best;
}

static void add_literal(struct deflater *deflater, size_t at) {
  deflater->symbols[deflater->symbol_count++] = (struct symbol){deflater->buffer[at], 0};
}

static void write_pending(struct deflater *deflater, bool last) {
  size_t at = deflater->start;
  deflater->symbol_count = 0;
  while (at < deflater->end) {
    struct match match = find_match(deflater, at, SHORTEST_MATCH - 1);
    remember(deflater, at);
    if (match.distance == 0) {
      add_literal(deflater, at++);
      continue;
    }
    while (deflater->effort.lazy && match.length < deflater->effort.good && at + 1 < deflater->end) {
      struct match better = find_match(deflater, at + 1, match.length);
      if (better.distance == 0) break;
      add_literal(deflater, at++);
      remember(deflater, at);
      match = better;
    }
    deflater->symbols[deflater->symbol_count++] = (struct symbol){(uint16_t)match.length, (uint16_t)match.distance};
    for (size_t end = at + (size_t)match.length; ++at < end;) remember(deflater, at);
  }
  write_deflate_block(deflater->writer, deflater->symbols, deflater->symbol_count, deflater->buffer + deflater->start,
              deflater->end - deflater->start, last);
  deflater->start = deflater->end;
}

static void shift(int32_t *places, size_t count, int32_t by) {
  for (size_t index = 0; index < count; index += 1) places[index] = places[index] < by ? -1 : places[index] - by;
}

// Keeps a window of what was written. `BLOCK_SIZE` is a multiple of the window, so `previous` stays in place.
static void slide(struct deflater *deflater) {
  memmove(deflater->buffer, deflater->buffer + BLOCK_SIZE, WINDOW);
  shift(deflater->head, HASH_SIZE, BLOCK_SIZE);
  shift(deflater->previous, WINDOW, BLOCK_SIZE);
  deflater->start -= BLOCK_SIZE;
  deflater->end -= BLOCK_SIZE;
}

void deflate_bytes(struct deflater *deflater, const unsigned char *bytes, size_t length) {
  while (length > 0) {
    size_t room = BUFFER_SIZE - deflater->end;
    size_t in_block = BLOCK_SIZE - (deflater->end - deflater->start);
    if (in_block < room) room = in_block;
    size_t part = length < room ? length : room;
    memcpy(deflater->buffer + deflater->end, bytes, part);
    deflater->end += part;
    bytes += part;
    length -= part;
    bool full = deflater->end == BUFFER_SIZE;
    if (full || deflater->end - deflater->start == BLOCK_SIZE) write_pending(deflater, false);
    if (full) slide(deflater);
  }
}

void finish_deflating(struct deflater *deflater) { write_pending(deflater, true); }
