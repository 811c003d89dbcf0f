// Dense matrix product, row by row: counted loops three deep over doubles.
#include "kernel.h"

#define SIZE 160

static double a[SIZE][SIZE], b[SIZE][SIZE], c[SIZE][SIZE];

static void fill(void) {
  for (int i = 0; i < SIZE; i++) {
    for (int j = 0; j < SIZE; j++) {
      a[i][j] = (i * j + 1) % SIZE / (double)SIZE;
      b[i][j] = (i * j + 2) % SIZE / (double)SIZE;
      c[i][j] = 0;
    }
  }
}

static void multiply(void) {
  for (int i = 0; i < SIZE; i++) {
    for (int j = 0; j < SIZE; j++) c[i][j] *= 0.5;
    for (int k = 0; k < SIZE; k++) {
      for (int j = 0; j < SIZE; j++) c[i][j] += 1.5 * a[i][k] * b[k][j];
    }
  }
}

uint32_t run(int n) {
  fill();
  for (int round = 0; round < n; round++) multiply();
  uint32_t sum = 0;
  for (int i = 0; i < SIZE; i++) {
    for (int j = 0; j < SIZE; j++) sum = mix(sum, bits_of(c[i][j]));
  }
  return sum;
}
