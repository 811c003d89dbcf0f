// LU decomposition in place: inner loops whose length changes with each trip of the outer ones.
#include "kernel.h"

#define SIZE 200

static double a[SIZE][SIZE];

static void fill(int round) {
  for (int i = 0; i < SIZE; i++) {
    for (int j = 0; j < SIZE; j++) {
      a[i][j] = (i * j * 7 + j + round) % SIZE / (double)SIZE + (i == j ? SIZE : 0);
    }
  }
}

static void decompose(void) {
  for (int i = 0; i < SIZE; i++) {
    for (int j = 0; j < i; j++) {
      for (int k = 0; k < j; k++) a[i][j] -= a[i][k] * a[k][j];
      a[i][j] /= a[j][j];
    }
    for (int j = i; j < SIZE; j++) {
      for (int k = 0; k < i; k++) a[i][j] -= a[i][k] * a[k][j];
    }
  }
}

uint32_t run(int n) {
  uint32_t sum = 0;
  for (int round = 0; round < n; round++) {
    fill(round);
    decompose();
    for (int i = 0; i < SIZE; i++) sum = mix(sum, bits_of(a[i][i] + a[i][SIZE - 1 - i]));
  }
  return sum;
}
