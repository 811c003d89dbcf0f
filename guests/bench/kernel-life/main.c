// Conway's game of life on a torus, a byte for each cell: eight neighbours, wrap-around by masks.
#include "kernel.h"

#define SIDE 128
#define WRAP (SIDE - 1)

static uint8_t here[SIDE][SIDE], there[SIDE][SIDE];

static void step(uint8_t from[SIDE][SIDE], uint8_t to[SIDE][SIDE]) {
  for (int y = 0; y < SIDE; y++) {
    const uint8_t *above = from[(y - 1) & WRAP], *row = from[y], *below = from[(y + 1) & WRAP];
    for (int x = 0; x < SIDE; x++) {
      int left = (x - 1) & WRAP, right = (x + 1) & WRAP;
      int around = above[left] + above[x] + above[right] + row[left] + row[right] + below[left] +
                   below[x] + below[right];
      to[y][x] = around == 3 || (around == 2 && row[x]);
    }
  }
}

uint32_t run(int n) {
  seed = 41;
  for (int y = 0; y < SIDE; y++) {
    for (int x = 0; x < SIDE; x++) here[y][x] = next_random() % 3 == 0;
  }
  for (int round = 0; round < n * 5; round++) {
    step(here, there);
    step(there, here);
  }
  uint32_t sum = 0;
  for (int y = 0; y < SIDE; y++) {
    for (int x = 0; x < SIDE; x++) sum = mix(sum, here[y][x]);
  }
  return sum;
}
