// Sends streams as TCP segments in IPv4 packets over a bad line: fragments come late, twice or
// damaged, are routed by the longest prefix, put together, checked, and sent again if need be.
#include "kernel.h"

#define ROUTES 300
#define STREAMS 6
#define BYTES 1500
#define SEGMENT 380
#define SEGMENTS ((BYTES + SEGMENT - 1) / SEGMENT)
#define MOST_PACKET 148
#define HEADER 20
#define LINE 160
#define MORE 0x2000

typedef struct Node {
  struct Node *sides[2];
  /** 0 if no prefix ends here. */
  uint32_t hop;
} Node;

typedef struct {
  uint8_t *bytes;
  uint32_t length;
} Packet;

typedef struct Fragment {
  struct Fragment *next;
  uint32_t from, to;
  uint8_t bytes[];
} Fragment;

/** What is there of a packet that was sent in parts. */
typedef struct Partial {
  struct Partial *next;
  uint32_t source, target, id, total, held;
  Fragment *first;
} Partial;

typedef struct {
  uint32_t source, target, start;
  uint16_t source_port, target_port;
  uint8_t sent[BYTES], received[BYTES];
  uint8_t has[SEGMENTS];
} Stream;

typedef struct {
  uint32_t bad_headers, no_routes, bad_segments, repeated, delivered, expired, hops;
} Counts;

static Node *root;
static Partial *partials;
static Stream streams[STREAMS];
static Packet line[LINE];
static uint32_t packets, ids;
static Counts counts;

static inline void put16(uint8_t *to, uint32_t value) {
  to[0] = (uint8_t)(value >> 8);
  to[1] = (uint8_t)value;
}

static inline uint32_t get16(const uint8_t *from) {
  return (uint32_t)from[0] << 8 | from[1];
}

static inline void put32(uint8_t *to, uint32_t value) {
  put16(to, value >> 16);
  put16(to + 2, value);
}

static inline uint32_t get32(const uint8_t *from) {
  return get16(from) << 16 | get16(from + 2);
}

static NOINLINE uint32_t checksum(const uint8_t *bytes, uint32_t length, uint32_t sum) {
  for (; length > 1; length -= 2, bytes += 2) sum += get16(bytes);
  if (length > 0) sum += (uint32_t)bytes[0] << 8;
  while (sum >> 16) sum = (sum & 0xFFFF) + (sum >> 16);
  return ~sum & 0xFFFF;
}

/** Of a segment with what it has to do with the packet: both addresses, protocol and length. */
static uint32_t segment_checksum(const uint8_t *bytes, uint32_t length, uint32_t a, uint32_t b) {
  uint32_t sum = (a >> 16) + (a & 0xFFFF) + (b >> 16) + (b & 0xFFFF) + 6 + length;
  return checksum(bytes, length, sum);
}

static NOINLINE void announce(uint32_t prefix, int length, uint32_t hop) {
  Node **link = &root;
  for (int bit = 31;; bit--) {
    if (!*link) *link = calloc(1, sizeof **link);
    if (bit == 31 - length) break;
    link = &(*link)->sides[prefix >> bit & 1];
  }
  (*link)->hop = hop;
}

/** Answers whether a node is of no more use. */
static NOINLINE int withdraw(Node *node, uint32_t prefix, int length) {
  if (length == 0) {
    node->hop = 0;
  } else {
    Node **link = &node->sides[prefix >> 31];
    if (*link && withdraw(*link, prefix << 1, length - 1)) {
      free(*link);
      *link = 0;
    }
  }
  return node->hop == 0 && !node->sides[0] && !node->sides[1];
}

static NOINLINE uint32_t route(uint32_t address) {
  uint32_t best = 0;
  for (const Node *node = root; node; address <<= 1) {
    if (node->hop) best = node->hop;
    node = node->sides[address >> 31];
  }
  return best;
}

static void discard_routes(Node *node) {
  if (!node) return;
  discard_routes(node->sides[0]);
  discard_routes(node->sides[1]);
  free(node);
}

static void put_on_line(const uint8_t *bytes, uint32_t length) {
  Packet *made = &line[packets++];
  made->bytes = malloc(length);
  made->length = length;
  memcpy(made->bytes, bytes, length);
}

/** In as many packets as it takes: all but the last carry a multiple of eight bytes. */
static NOINLINE void send_parts(const Stream *stream, const uint8_t *segment, uint32_t length) {
  uint8_t packet[MOST_PACKET];
  uint32_t id = ids++ & 0xFFFF, part;
  for (uint32_t from = 0; from < length; from += part) {
    part = (MOST_PACKET - HEADER) & ~7u;
    if (part > length - from) part = length - from;
    memset(packet, 0, HEADER);
    packet[0] = 0x45;
    put16(packet + 2, HEADER + part);
    put16(packet + 4, id);
    put16(packet + 6, (from + part < length ? MORE : 0) | from / 8);
    packet[8] = 9;
    packet[9] = 6;
    put32(packet + 12, stream->source);
    put32(packet + 16, stream->target);
    put16(packet + 10, checksum(packet, HEADER, 0));
    memcpy(packet + HEADER, segment + from, part);
    uint32_t draw = next_random() % 32;
    if (draw == 0) continue;
    put_on_line(packet, HEADER + part);
    if (draw == 1) put_on_line(packet, HEADER + part);
    if (draw < 4) line[packets - 1].bytes[next_random() % (HEADER + part)] ^= 1 << draw;
  }
}

static void send_segment(const Stream *stream, uint32_t index) {
  uint8_t segment[HEADER + SEGMENT] = {0};
  uint32_t from = index * SEGMENT, length = BYTES - from < SEGMENT ? BYTES - from : SEGMENT;
  put16(segment, stream->source_port);
  put16(segment + 2, stream->target_port);
  put32(segment + 4, stream->start + from);
  segment[12] = 0x50;
  segment[13] = index == SEGMENTS - 1 ? 0x18 : 0x10;
  put16(segment + 14, 4096);
  memcpy(segment + HEADER, stream->sent + from, length);
  length += HEADER;
  uint32_t sum = segment_checksum(segment, length, stream->source, stream->target);
  put16(segment + 16, sum);
  send_parts(stream, segment, length);
}

static NOINLINE void receive(const uint8_t *segment, uint32_t length, uint32_t a, uint32_t b) {
  if (length < HEADER || segment_checksum(segment, length, a, b) != 0) {
    counts.bad_segments++;
    return;
  }
  for (Stream *stream = streams; stream < streams + STREAMS; stream++) {
    if (stream->source != a || stream->target != b) continue;
    if (get16(segment) != stream->source_port) continue;
    if (get16(segment + 2) != stream->target_port) continue;
    uint32_t from = get32(segment + 4) - stream->start, header = segment[12] >> 4 << 2;
    if (header > length || from > BYTES || length - header > BYTES - from) continue;
    memcpy(stream->received + from, segment + header, length - header);
    stream->has[from / SEGMENT] = 1;
    counts.delivered++;
  }
}

static void discard_partial(Partial **link) {
  Partial *old = *link;
  *link = old->next;
  for (Fragment *next, *fragment = old->first; fragment; fragment = next) {
    next = fragment->next;
    free(fragment);
  }
  free(old);
}

/** Puts a part where it belongs. What is there already, or lies across it, is not taken. */
static NOINLINE void hold(Partial *partial, const uint8_t *bytes, uint32_t from, uint32_t to) {
  Fragment **link = &partial->first;
  while (*link && (*link)->to <= from) link = &(*link)->next;
  if (*link && (*link)->from < to) {
    counts.repeated++;
    return;
  }
  Fragment *made = malloc(sizeof *made + to - from);
  *made = (Fragment){.next = *link, .from = from, .to = to};
  memcpy(made->bytes, bytes, to - from);
  *link = made;
  partial->held += to - from;
}

static NOINLINE void reassemble(const uint8_t *packet, uint32_t length) {
  uint32_t a = get32(packet + 12), b = get32(packet + 16), id = get16(packet + 4);
  uint32_t flags = get16(packet + 6), from = (flags & 0x1FFF) * 8, to = from + length - HEADER;
  Partial **link = &partials;
  while (*link && !((*link)->id == id && (*link)->source == a && (*link)->target == b)) {
    link = &(*link)->next;
  }
  if (!*link) {
    *link = calloc(1, sizeof **link);
    **link = (Partial){.source = a, .target = b, .id = id, .total = UINT32_MAX};
  }
  Partial *partial = *link;
  if (!(flags & MORE)) partial->total = to;
  hold(partial, packet + HEADER, from, to);
  if (partial->held != partial->total) return;
  uint8_t *whole = malloc(partial->total), *end = whole;
  for (const Fragment *fragment = partial->first; fragment; fragment = fragment->next) {
    memcpy(end, fragment->bytes, fragment->to - fragment->from);
    end += fragment->to - fragment->from;
  }
  receive(whole, partial->total, a, b);
  free(whole);
  discard_partial(link);
}

/** Three routers are on the way, with the same table. They correct the checksum for the life that
 * got shorter and do not make it anew. */
static NOINLINE void forward(uint8_t *packet, uint32_t length) {
  for (int i = 0; i < 3; i++) {
    if (packet[0] != 0x45 || get16(packet + 2) != length || checksum(packet, HEADER, 0) != 0) {
      counts.bad_headers++;
      return;
    }
    uint32_t hop = route(get32(packet + 16));
    if (hop == 0 || packet[8]-- == 0) {
      counts.no_routes++;
      return;
    }
    uint32_t sum = get16(packet + 10) + 0x100;
    put16(packet + 10, (sum & 0xFFFF) + (sum >> 16));
    counts.hops = mix(counts.hops, hop);
  }
  reassemble(packet, length);
}

/** Each changes places with one not far behind it. */
static void shuffle(void) {
  for (uint32_t i = 0; i < packets; i++) {
    uint32_t other = i + next_random() % 12;
    if (other >= packets) continue;
    Packet swapped = line[i];
    line[i] = line[other];
    line[other] = swapped;
  }
}

static void make_table(void) {
  for (int i = 0; i < ROUTES; i++) {
    uint32_t prefix = next_random() << 8, hop = 1 + next_random() % 255;
    int length = 4 + (int)(next_random() % 21);
    // Half of them lie close to a stream's target.
    if (i & 1) prefix = streams[i / 2 % STREAMS].target ^ 1u << next_random() % 20;
    announce(prefix, length, hop);
    if (i % 5 == 4) withdraw(root, prefix, length);
  }
}

static void open_streams(void) {
  memset(streams, 0, sizeof streams);
  for (Stream *stream = streams; stream < streams + STREAMS; stream++) {
    stream->source = next_random() << 8 | 1;
    stream->target = next_random() << 8 | 7;
    stream->source_port = (uint16_t)(next_random() | 1024);
    stream->target_port = (uint16_t)(next_random() % 1024);
    stream->start = next_random() << 8;
    for (int i = 0; i < BYTES; i++) stream->sent[i] = (uint8_t)next_random();
  }
}

/** Sends what has not arrived, and answers how much that was. */
static NOINLINE int exchange(void) {
  int missing = 0;
  packets = 0;
  for (const Stream *stream = streams; stream < streams + STREAMS; stream++) {
    for (uint32_t i = 0; i < SEGMENTS; i++) {
      if (stream->has[i]) continue;
      missing++;
      send_segment(stream, i);
    }
  }
  shuffle();
  for (uint32_t i = 0; i < packets; i++) {
    forward(line[i].bytes, line[i].length);
    free(line[i].bytes);
  }
  for (; partials; counts.expired++) discard_partial(&partials);
  return missing;
}

uint32_t run(int n) {
  uint32_t sum = 0;
  seed = 733;
  for (int round = 0; round < n; round++) {
    root = 0;
    memset(&counts, 0, sizeof counts);
    open_streams();
    make_table();
    ids = next_random();
    for (int tries = 0; tries < 8 && exchange() > 0; tries++) {}
    for (int i = 0; i < STREAMS; i++) {
      for (int j = 0; j < BYTES; j++) sum = mix(sum, streams[i].received[j]);
      for (int j = 0; j < SEGMENTS; j++) sum = mix(sum, streams[i].has[j]);
    }
    sum = mix(mix(mix(sum, counts.hops), counts.bad_headers), counts.no_routes);
    sum = mix(mix(mix(sum, counts.bad_segments), counts.repeated), counts.delivered);
    sum = mix(sum, counts.expired);
    discard_routes(root);
  }
  return sum;
}
