// Inverts matrices of single precision by Gauss and Jordan with pivots: f32, row exchanges, a branch
// for each row.
#include "kernel.h"

#define SIZE 64

static float work[SIZE][2 * SIZE];

static int pivot_row(int column) {
  int best = column;
  for (int row = column + 1; row < SIZE; row++) {
    if (fabsf(work[row][column]) > fabsf(work[best][column])) best = row;
  }
  return best;
}

static NOINLINE void eliminate(int column) {
  int pivot = pivot_row(column);
  for (int j = 0; j < 2 * SIZE && pivot != column; j++) {
    float held = work[column][j];
    work[column][j] = work[pivot][j];
    work[pivot][j] = held;
  }
  float scale = 1 / work[column][column];
  for (int j = 0; j < 2 * SIZE; j++) work[column][j] *= scale;
  for (int row = 0; row < SIZE; row++) {
    float factor = work[row][column];
    if (row == column || factor == 0) continue;
    for (int j = column; j < 2 * SIZE; j++) work[row][j] -= factor * work[column][j];
  }
}

uint32_t run(int n) {
  uint32_t sum = 0;
  for (int round = 0; round < n; round++) {
    seed = (uint32_t)round + 81;
    for (int i = 0; i < SIZE; i++) {
      for (int j = 0; j < SIZE; j++) {
        work[i][j] = (float)(next_random() % 2000) / 1000 - 1;
        work[i][j + SIZE] = i == j;
      }
    }
    for (int column = 0; column < SIZE; column++) eliminate(column);
    for (int i = 0; i < SIZE; i++) sum = mix(sum, bits_of(work[i][2 * SIZE - 1 - i]));
  }
  return sum;
}
