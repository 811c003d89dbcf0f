// Flips of pancake stacks over all permutations: short loops that end by their data, on the stack.
#include "kernel.h"

#define LARGEST 16

static inline void swap(int *all, int i, int j) {
  int held = all[i];
  all[i] = all[j];
  all[j] = held;
}

static int flips_of(const int *permutation, int *work, int n) {
  int first = permutation[0], flips = 1;
  for (int i = 1; i < n; i++) work[i] = permutation[i];
  for (;;) {
    int next = work[first];
    if (next == 0) return flips;
    work[first] = first;
    for (int i = 1, j = first - 1; i < j; i++, j--) swap(work, i, j);
    first = next;
    flips++;
  }
}

/** The next permutation with an even place in the order; 0 after the last. */
static int advance(int *permutation, int *left, int n) {
  swap(permutation, 1, 2);
  for (int i = 2; i < n; i++) {
    if (left[i] > 0) {
      left[i]--;
      return 1;
    }
    if (i == n - 1) return 0;
    left[i] = i;
    int first = permutation[0];
    for (int j = 0; j <= i; j++) permutation[j] = permutation[j + 1];
    permutation[i + 1] = first;
  }
  return 0;
}

uint32_t run(int n) {
  int permutation[LARGEST], work[LARGEST] = {0}, left[LARGEST];
  int sum = 0, most = 0, even = 1, more = 1;
  if (n < 3 || n > LARGEST) return 0;
  for (int i = 0; i < n; i++) permutation[i] = left[i] = i;
  while (more) {
    if (permutation[0] != 0) {
      int flips = flips_of(permutation, work, n);
      sum += even ? flips : -flips;
      if (flips > most) most = flips;
    }
    if (even) swap(permutation, 0, 1);
    else more = advance(permutation, left, n);
    even = !even;
  }
  return (uint32_t)(sum * 100 + most);
}
