// All shortest paths (Floyd and Warshall): counted loops three deep over integers, with a select.
#include "kernel.h"

#define SIZE 90
#define FAR 999

static int path[SIZE][SIZE];

static void fill(void) {
  for (int i = 0; i < SIZE; i++) {
    for (int j = 0; j < SIZE; j++) {
      int sum = i + j;
      path[i][j] = sum % 13 == 0 || sum % 7 == 0 || sum % 11 == 0 ? FAR : i * j % 7 + 1;
    }
  }
}

static void shorten(void) {
  for (int k = 0; k < SIZE; k++) {
    for (int i = 0; i < SIZE; i++) {
      for (int j = 0; j < SIZE; j++) {
        int through = path[i][k] + path[k][j];
        path[i][j] = path[i][j] < through ? path[i][j] : through;
      }
    }
  }
}

uint32_t run(int n) {
  uint32_t sum = 0;
  for (int round = 0; round < n; round++) {
    fill();
    shorten();
    for (int i = 0; i < SIZE; i++) {
      for (int j = 0; j < SIZE; j++) sum = mix(sum, (uint32_t)path[i][j]);
    }
  }
  return sum;
}
