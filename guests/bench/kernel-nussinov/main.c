// RNA folding by dynamic programming (Nussinov): a triangle of cells, many maximums, uneven loops.
#include "kernel.h"

#define SIZE 150

static char bases[SIZE];
static int table[SIZE][SIZE];

static inline int larger(int left, int right) {
  return left >= right ? left : right;
}

static int best(int i, int j) {
  int score = larger(table[i][j], table[i][j - 1]);
  if (i + 1 < SIZE) {
    int pair = i < j - 1 && bases[i] + bases[j] == 3;
    score = larger(score, table[i + 1][j]);
    score = larger(score, table[i + 1][j - 1] + pair);
  }
  for (int k = i + 1; k < j; k++) score = larger(score, table[i][k] + table[k + 1][j]);
  return score;
}

uint32_t run(int n) {
  uint32_t sum = 0;
  for (int round = 0; round < n; round++) {
    for (int i = 0; i < SIZE; i++) bases[i] = (char)((i + 1 + round) % 4);
    memset(table, 0, sizeof table);
    for (int i = SIZE - 1; i >= 0; i--) {
      for (int j = i + 1; j < SIZE; j++) table[i][j] = best(i, j);
    }
    for (int i = 0; i < SIZE; i++) sum = mix(sum, (uint32_t)table[i][SIZE - 1]);
  }
  return sum;
}
