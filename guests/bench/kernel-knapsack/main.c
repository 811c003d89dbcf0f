// The 0/1 knapsack, one row of best values walked downwards: a counted loop with two loads at a
// distance known at run time.
#include "kernel.h"

#define ITEMS 100
#define CAPACITY 5000

static int32_t best[CAPACITY + 1];
static uint8_t taken[ITEMS][CAPACITY + 1];

static NOINLINE void consider(int item, int weight, int32_t value) {
  for (int room = CAPACITY; room >= weight; room--) {
    int32_t with = best[room - weight] + value;
    if (with > best[room]) {
      best[room] = with;
      taken[item][room] = 1;
    }
  }
}

uint32_t run(int n) {
  int weights[ITEMS];
  uint32_t sum = 0;
  for (int round = 0; round < n; round++) {
    seed = (uint32_t)round + 61;
    memset(best, 0, sizeof best);
    memset(taken, 0, sizeof taken);
    for (int item = 0; item < ITEMS; item++) {
      weights[item] = 20 + (int)(next_random() % 200);
      consider(item, weights[item], (int32_t)(next_random() % 1000));
    }
    sum = mix(sum, (uint32_t)best[CAPACITY]);
    for (int item = ITEMS - 1, room = CAPACITY; item >= 0; item--) {
      if (!taken[item][room]) continue;
      sum = mix(sum, (uint32_t)item);
      room -= weights[item];
    }
  }
  return sum;
}
