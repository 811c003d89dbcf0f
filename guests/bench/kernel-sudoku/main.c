// Counts a sudoku's solutions by trying: the cell with the fewest candidates first, sets as bits,
// recursion that takes back what it did.
#include "kernel.h"

#define CELLS 81
#define GIVEN 27
#define ENOUGH 40

static uint16_t rows[9], columns[9], boxes[9];
static uint8_t digits[CELLS], order[CELLS];
static int found, tried;
static uint32_t sum;

static inline int box_of(int cell) {
  return cell / 27 * 3 + cell % 9 / 3;
}

static void flip(int cell, int digit) {
  uint16_t bit = (uint16_t)(1 << digit);
  rows[cell / 9] ^= bit;
  columns[cell % 9] ^= bit;
  boxes[box_of(cell)] ^= bit;
}

static inline int candidates_of(int cell) {
  return 511 & ~(rows[cell / 9] | columns[cell % 9] | boxes[box_of(cell)]);
}

/** The first `left` of the order are empty. */
static NOINLINE void solve(int left) {
  int best = 0, fewest = 10;
  tried++;
  if (left == 0) {
    found++;
    for (int cell = 0; cell < CELLS; cell++) sum = mix(sum, digits[cell]);
    return;
  }
  for (int i = 0; i < left && fewest > 1; i++) {
    int count = __builtin_popcount((unsigned)candidates_of(order[i]));
    if (count >= fewest) continue;
    fewest = count;
    best = i;
  }
  uint8_t cell = order[best];
  order[best] = order[left - 1];
  order[left - 1] = cell;
  for (int some = candidates_of(cell); some && found < ENOUGH; some &= some - 1) {
    digits[cell] = (uint8_t)__builtin_ctz((unsigned)some);
    flip(cell, digits[cell]);
    solve(left - 1);
    flip(cell, digits[cell]);
  }
  order[left - 1] = order[best];
  order[best] = cell;
}

static void shuffle(uint8_t *all, int count) {
  for (int i = count - 1; i > 0; i--) {
    int with = (int)(next_random() % (uint32_t)(i + 1));
    uint8_t held = all[i];
    all[i] = all[with];
    all[with] = held;
  }
}

/** A full grid by a pattern with digits, bands and rows mixed: the last cells of the order stay. */
static void make_puzzle(void) {
  uint8_t names[9] = {0, 1, 2, 3, 4, 5, 6, 7, 8}, bands[3] = {0, 1, 2}, lines[3] = {0, 1, 2};
  memset(rows, 0, sizeof rows);
  memset(columns, 0, sizeof columns);
  memset(boxes, 0, sizeof boxes);
  shuffle(names, 9);
  shuffle(bands, 3);
  shuffle(lines, 3);
  for (int cell = 0; cell < CELLS; cell++) {
    int row = bands[cell / 27] * 3 + lines[cell / 9 % 3];
    digits[cell] = names[(row * 3 + row / 3 + cell % 9) % 9];
    order[cell] = (uint8_t)cell;
  }
  shuffle(order, CELLS);
  for (int i = CELLS - GIVEN; i < CELLS; i++) flip(order[i], digits[order[i]]);
}

uint32_t run(int n) {
  sum = 0;
  tried = 0;
  seed = 181;
  for (int puzzle = 0; puzzle < n; puzzle++) {
    make_puzzle();
    found = 0;
    solve(CELLS - GIVEN);
    sum = mix(sum, (uint32_t)found);
  }
  return mix(sum, (uint32_t)tried);
}
