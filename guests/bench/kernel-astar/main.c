// The shortest way through a grid with walls (A*), with a binary heap: sifting, scattered loads,
// branches nobody can predict.
#include "kernel.h"

#define SIDE 96
#define CELLS (SIDE * SIDE)

typedef struct {
  int estimate, cell;
} Candidate;

static uint8_t walls[CELLS];
static int cost[CELLS];
static Candidate heap[4 * CELLS];
static int waiting;

static NOINLINE void push(Candidate added) {
  int at = waiting++;
  while (at > 0 && heap[(at - 1) / 2].estimate > added.estimate) {
    heap[at] = heap[(at - 1) / 2];
    at = (at - 1) / 2;
  }
  heap[at] = added;
}

static NOINLINE Candidate pop(void) {
  Candidate top = heap[0], last = heap[--waiting];
  int at = 0;
  for (;;) {
    int child = 2 * at + 1;
    if (child >= waiting) break;
    if (child + 1 < waiting && heap[child + 1].estimate < heap[child].estimate) child++;
    if (heap[child].estimate >= last.estimate) break;
    heap[at] = heap[child];
    at = child;
  }
  heap[at] = last;
  return top;
}

static inline int left_to_go(int cell) {
  return (SIDE - 1 - cell % SIDE) + (SIDE - 1 - cell / SIDE);
}

/** Steps from the first cell to the last; 0 when there is no way. */
static int search(int *visited) {
  static const int DX[] = {1, 0, -1, 0}, DY[] = {0, 1, 0, -1};
  memset(cost, 0x7f, sizeof cost);
  waiting = 0;
  cost[0] = 0;
  push((Candidate){left_to_go(0), 0});
  while (waiting > 0) {
    Candidate next = pop();
    int x = next.cell % SIDE, y = next.cell / SIDE;
    if (next.cell == CELLS - 1) return cost[next.cell];
    if (next.estimate > cost[next.cell] + left_to_go(next.cell)) continue;
    ++*visited;
    for (int side = 0; side < 4; side++) {
      int to_x = x + DX[side], to_y = y + DY[side], to = to_y * SIDE + to_x;
      if (to_x < 0 || to_y < 0 || to_x >= SIDE || to_y >= SIDE || walls[to]) continue;
      if (cost[next.cell] + 1 >= cost[to]) continue;
      cost[to] = cost[next.cell] + 1;
      push((Candidate){cost[to] + left_to_go(to), to});
    }
  }
  return 0;
}

uint32_t run(int n) {
  uint32_t sum = 0;
  for (int round = 0; round < n; round++) {
    int visited = 0;
    seed = (uint32_t)round + 71;
    for (int i = 0; i < CELLS; i++) walls[i] = next_random() % 10 < 3;
    walls[0] = walls[CELLS - 1] = 0;
    sum = mix(sum, (uint32_t)search(&visited));
    sum = mix(sum, (uint32_t)visited);
  }
  return sum;
}
