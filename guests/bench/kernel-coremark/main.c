// In the spirit of CoreMark: a linked list sorted by merging, a small matrix, a state machine over
// text, all folded into a 16-bit CRC.
#include "kernel.h"

#define NODES 400
#define SIDE 30
#define TEXT 1900

typedef struct Node {
  struct Node *next;
  int16_t value, index;
} Node;

typedef int (*Order)(const Node *, const Node *);

static Node nodes[NODES];
static int16_t left[SIDE * SIDE], right[SIDE * SIDE];
static int32_t product[SIDE * SIDE];
static char text[TEXT + 16];

static uint16_t crc_byte(uint8_t byte, uint16_t crc) {
  for (int bit = 0; bit < 8; bit++) {
    int carry = (byte & 1) ^ (crc & 1);
    byte >>= 1;
    crc = carry ? (uint16_t)(((crc ^ 0x4002) >> 1) | 0x8000) : (uint16_t)(crc >> 1);
  }
  return crc;
}

static NOINLINE uint16_t crc_word(uint16_t word, uint16_t crc) {
  return crc_byte((uint8_t)(word >> 8), crc_byte((uint8_t)word, crc));
}

static NOINLINE int by_value(const Node *a, const Node *b) {
  return a->value - b->value;
}

static NOINLINE int by_index(const Node *a, const Node *b) {
  return a->index - b->index;
}

/** Bottom-up merge sort: runs of 1, 2, 4 … until one run is left. */
static NOINLINE Node *sorted(Node *list, Order order) {
  for (int length = 1;; length *= 2) {
    Node *from = list, *tail = 0;
    int merges = 0;
    list = 0;
    while (from) {
      Node *other = from;
      int mine = 0, others = length;
      merges++;
      while (mine < length && other) {
        mine++;
        other = other->next;
      }
      while (mine > 0 || (others > 0 && other)) {
        Node *taken;
        if (mine > 0 && (others == 0 || !other || order(from, other) <= 0)) {
          taken = from;
          from = from->next;
          mine--;
        } else {
          taken = other;
          other = other->next;
          others--;
        }
        if (tail) tail->next = taken;
        else list = taken;
        tail = taken;
      }
      from = other;
    }
    tail->next = 0;
    if (merges <= 1) return list;
  }
}

static uint16_t list_work(int round, uint16_t crc) {
  for (int i = 0; i < NODES; i++) {
    nodes[i].next = i + 1 < NODES ? &nodes[i + 1] : 0;
    nodes[i].value = (int16_t)((i * 7919 + round) & 0x7fff);
    nodes[i].index = (int16_t)i;
  }
  Node *list = sorted(nodes, by_value);
  for (Node *at = list; at; at = at->next) crc = crc_word((uint16_t)at->value, crc);
  list = sorted(list, by_index);
  for (Node *at = list; at; at = at->next) {
    if ((at->value & 15) == 3) crc = crc_word((uint16_t)at->index, crc);
  }
  return crc;
}

static NOINLINE uint16_t matrix_work(int side, uint16_t crc) {
  for (int i = 0; i < side; i++) {
    for (int j = 0; j < side; j++) {
      int total = 0;
      for (int k = 0; k < side; k++) {
        int term = left[i * side + k] * right[k * side + j];
        total += ((term >> 2) & 15) * ((term >> 5) & 127);
      }
      product[i * side + j] = total;
    }
  }
  for (int i = 0; i < side * side; i += 7) crc = crc_word((uint16_t)product[i], crc);
  return crc;
}

enum { START, INTEGER, SIGN, POINT, EXPONENT, EXPONENT_SIGN, SCIENTIFIC, INVALID, STATES };

static inline int is_digit(char c) {
  return c >= '0' && c <= '9';
}

static int after(int state, char c) {
  switch (state) {
    case START:
      if (is_digit(c)) return INTEGER;
      return c == '+' || c == '-' ? SIGN : c == '.' ? POINT : INVALID;
    case SIGN:
      return is_digit(c) ? INTEGER : c == '.' ? POINT : INVALID;
    case INTEGER:
      return c == '.' ? POINT : is_digit(c) ? INTEGER : INVALID;
    case POINT:
      return c == 'e' || c == 'E' ? EXPONENT : is_digit(c) ? POINT : INVALID;
    case EXPONENT:
      return c == '+' || c == '-' ? EXPONENT_SIGN : INVALID;
    case EXPONENT_SIGN:
    case SCIENTIFIC:
      return is_digit(c) ? SCIENTIFIC : INVALID;
    default:
      return INVALID;
  }
}

/** Reads one number up to its comma; counts the transitions that were made. */
static NOINLINE int scan(const char **from, int *transitions) {
  const char *at = *from;
  int state = START;
  for (; *at && state != INVALID; at++) {
    if (*at == ',') {
      at++;
      break;
    }
    int next = after(state, *at);
    if (next != state) transitions[state]++;
    state = next;
  }
  *from = at;
  return state;
}

static uint16_t state_work(uint16_t crc) {
  int transitions[STATES] = {0}, ends[STATES] = {0};
  const char *at = text;
  while (*at) ends[scan(&at, transitions)]++;
  for (int state = 0; state < STATES; state++) {
    crc = crc_word((uint16_t)transitions[state], crc);
    crc = crc_word((uint16_t)ends[state], crc);
  }
  return crc;
}

uint32_t run(int n) {
  static const char *const NUMBERS[] = {
      "5012,",     "1234,",     "-874,",     "+122,",     "35.54400,", ".1234500,",
      "-110.700,", "+0.64400,", "5.500e+3,", "-.123e-2,", "-87e+832,", "+0.6e-12,",
      "T0.3e-1F,", "-T.T++Tq,", "1T3.4e4z,", "34.0e-T^,"};
  size_t end = 0;
  for (int i = 0; end < TEXT; i++) {
    strcpy(text + end, NUMBERS[i % 16]);
    end += strlen(NUMBERS[i % 16]);
  }
  for (int i = 0; i < SIDE * SIDE; i++) {
    left[i] = (int16_t)(i * 7 % 251);
    right[i] = (int16_t)(i * 11 % 241);
  }
  uint16_t crc = 0;
  for (int round = 0; round < n; round++) {
    crc = list_work(round, crc);
    crc = matrix_work(SIDE, crc);
    crc = state_work(crc);
  }
  return crc;
}
