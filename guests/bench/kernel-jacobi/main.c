// A five-point stencil over a plane, back and forth: streaming loads, few operations for each.
#include "kernel.h"

#define SIZE 300

static double a[SIZE][SIZE], b[SIZE][SIZE];

static void sweep(double from[SIZE][SIZE], double to[SIZE][SIZE]) {
  for (int i = 1; i < SIZE - 1; i++) {
    for (int j = 1; j < SIZE - 1; j++) {
      to[i][j] =
          0.2 * (from[i][j] + from[i][j - 1] + from[i][j + 1] + from[i + 1][j] + from[i - 1][j]);
    }
  }
}

uint32_t run(int n) {
  for (int i = 0; i < SIZE; i++) {
    for (int j = 0; j < SIZE; j++) {
      a[i][j] = ((double)i * (j + 2) + 2) / SIZE;
      b[i][j] = ((double)i * (j + 3) + 3) / SIZE;
    }
  }
  for (int round = 0; round < 4 * n; round++) {
    sweep(a, b);
    sweep(b, a);
  }
  uint32_t sum = 0;
  for (int i = 0; i < SIZE; i++) {
    for (int j = 0; j < SIZE; j++) sum = mix(sum, bits_of(a[i][j]));
  }
  return sum;
}
