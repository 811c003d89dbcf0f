// A router's table: prefixes of IPv6 addresses in a tree that skips bits all below have in common,
// announced and withdrawn as text, and the longest one looked up for each packet. 64-bit words.
#include "kernel.h"

#define POOL 600
#define CHANGES 300
#define PACKETS 900

typedef struct Node {
  /** The first bits, the others zero. */
  uint64_t prefix;
  int length;
  /** Where to: 0 if it is only where two part. */
  uint32_t hop, packets;
  struct Node *sides[2];
} Node;

static Node *root;
static uint64_t pool[POOL];
static uint8_t lengths[POOL];
static uint32_t nodes;

static inline uint64_t first_bits(uint64_t key, int length) {
  return length == 0 ? 0 : key & ~0ull << (64 - length);
}

/** Its bit after a length, which is below 64. */
static inline int side(uint64_t key, int length) {
  return key >> (63 - length) & 1;
}

/** How many bits they begin with in common, at most `most`. */
static inline int in_common(uint64_t a, uint64_t b, int most) {
  int same = a == b ? 64 : __builtin_clzll(a ^ b);
  return same < most ? same : most;
}

static Node *make(uint64_t prefix, int length, uint32_t hop) {
  Node *made = calloc(1, sizeof *made);
  made->prefix = first_bits(prefix, length);
  made->length = length;
  made->hop = hop;
  nodes++;
  return made;
}

static NOINLINE void announce(uint64_t prefix, int length, uint32_t hop) {
  Node **link = &root;
  for (Node *at; (at = *link); link = &at->sides[side(prefix, at->length)]) {
    int same = in_common(prefix, at->prefix, length < at->length ? length : at->length);
    if (same == at->length && same == length) {
      at->hop = hop;
      return;
    }
    if (same == at->length) continue;
    Node *above = *link = make(prefix, same, same == length ? hop : 0);
    above->sides[side(at->prefix, same)] = at;
    if (same < length) above->sides[side(prefix, same)] = make(prefix, length, hop);
    return;
  }
  *link = make(prefix, length, hop);
}

/** A node without a hop is there only while two part at it. */
static NOINLINE Node *without(Node *at, uint64_t prefix, int length) {
  if (!at || at->length > length || first_bits(prefix, at->length) != at->prefix) return at;
  if (at->length == length) {
    at->hop = 0;
  } else {
    Node **link = &at->sides[side(prefix, at->length)];
    *link = without(*link, prefix, length);
  }
  if (at->hop != 0 || (at->sides[0] && at->sides[1])) return at;
  Node *only = at->sides[0] ? at->sides[0] : at->sides[1];
  free(at);
  nodes--;
  return only;
}

/** The longest prefix's node, 0 if there is none. */
static NOINLINE Node *look_up(uint64_t address) {
  Node *best = 0;
  for (Node *at = root; at; at = at->sides[side(address, at->length)]) {
    if (first_bits(address, at->length) != at->prefix) break;
    if (at->hop != 0) best = at;
    if (at->length == 64) break;
  }
  return best;
}

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/** The upper half of an address. Two colons stand for groups of zeros. */
static NOINLINE uint64_t read_address(const char **at) {
  uint64_t address = 0;
  for (int group = 0; group < 4; group++) {
    uint64_t value = 0;
    for (int digit; (digit = hex_digit(**at)) >= 0; ++*at) value = value << 4 | (uint64_t)digit;
    address |= value << (48 - group * 16);
    if ((*at)[0] != ':' || (*at)[1] == ':') break;
    ++*at;
  }
  while (**at == ':') ++*at;
  return address;
}

static char *write_number(char *to, uint32_t value, uint32_t base) {
  if (value >= base) to = write_number(to, value / base, base);
  *to = "0123456789abcdef"[value % base];
  return to + 1;
}

static NOINLINE char *write_address(char *to, uint64_t address) {
  do {
    to = write_number(to, (uint32_t)(address >> 48), 16);
    *to++ = ':';
  } while ((address <<= 16) != 0);
  *to++ = ':';
  return to;
}

/** `+` a prefix, a slash, its length, a blank and a hop, or `-` and a prefix. */
static void change(const char *text) {
  const char *at = text + 1;
  uint64_t prefix = read_address(&at);
  uint32_t numbers[2] = {0};
  for (int i = 0; i < 2 && *at; i++) {
    for (at++; *at >= '0' && *at <= '9'; at++) numbers[i] = numbers[i] * 10 + (uint32_t)(*at - '0');
  }
  if (*text == '+') announce(prefix, (int)numbers[0], numbers[1]);
  else root = without(root, prefix, (int)numbers[0]);
}

static void make_change(void) {
  char text[48], *end = text;
  uint32_t chosen = next_random() % POOL, hop = 1 + next_random() % 250;
  int is_new = next_random() % 3 != 0;
  *end++ = is_new ? '+' : '-';
  end = write_address(end, pool[chosen]);
  *end++ = '/';
  end = write_number(end, lengths[chosen], 10);
  if (is_new) {
    *end++ = ' ';
    end = write_number(end, hop, 10);
  }
  *end = 0;
  change(text);
}

static uint64_t random_word(void) {
  return (uint64_t)next_random() << 40 | (uint64_t)next_random() << 20 | next_random();
}

/** Most lie within others; one stands for all there are. */
static void make_pool(void) {
  for (int i = 0; i < POOL; i++) {
    int near = (int)(next_random() % (uint32_t)(i + 1)), longer = 1 + (int)(next_random() % 16);
    int within = i % 5 == 0 || i == near ? 0 : lengths[near];
    int length = i == 0 ? 0 : within == 0 ? 16 + longer : within + longer < 64 ? within + longer : 64;
    uint64_t known = within == 0 ? 0 : pool[near];
    uint64_t drawn = within == 64 ? 0 : random_word() >> within;
    lengths[i] = (uint8_t)length;
    pool[i] = first_bits(known | drawn, length);
  }
}

static uint32_t give_back(Node *at) {
  if (!at) return 0;
  uint32_t sum = mix(mix((uint32_t)at->length, at->hop), at->packets);
  sum = mix(sum, give_back(at->sides[0]));
  sum = mix(sum, give_back(at->sides[1]));
  free(at);
  return sum;
}

uint32_t run(int n) {
  uint32_t sum = 0;
  seed = 347;
  root = 0;
  nodes = 0;
  make_pool();
  for (int round = 0; round < n; round++) {
    for (int i = 0; i < CHANGES; i++) make_change();
    for (int i = 0; i < PACKETS; i++) {
      uint32_t draw = next_random();
      uint64_t address = draw % 8 == 0 ? random_word() : pool[draw / 8 % POOL] | random_word() >> 44;
      Node *found = look_up(address);
      if (!found) continue;
      found->packets++;
      sum = mix(sum, found->hop + (uint32_t)found->length);
    }
    sum = mix(sum, nodes);
  }
  return mix(sum, give_back(root));
}
