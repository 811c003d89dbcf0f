// Quicksort of random integers: two scanning loops of two or three trips, branches by data.
#include "kernel.h"

#define COUNT 20000

static int32_t numbers[COUNT];

static void sort(int32_t *all, int from, int to) {
  while (from < to) {
    int32_t pivot = all[(from + to) >> 1];
    int i = from, j = to;
    while (i <= j) {
      while (all[i] < pivot) i++;
      while (all[j] > pivot) j--;
      if (i <= j) {
        int32_t held = all[i];
        all[i++] = all[j];
        all[j--] = held;
      }
    }
    // The shorter part by recursion, so that the stack stays low.
    if (j - from < to - i) {
      sort(all, from, j);
      from = i;
    } else {
      sort(all, i, to);
      to = j;
    }
  }
}

uint32_t run(int n) {
  uint32_t sum = 0;
  for (int round = 0; round < n; round++) {
    seed = (uint32_t)round + 1;
    for (int i = 0; i < COUNT; i++) numbers[i] = (int32_t)next_random();
    sort(numbers, 0, COUNT - 1);
    for (int i = 0; i < COUNT; i += 17) sum = mix(sum, (uint32_t)numbers[i]);
  }
  return sum;
}
