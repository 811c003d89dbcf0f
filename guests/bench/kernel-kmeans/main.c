// Sorts points into groups around centres that move until they rest (Lloyd's k-means): distances in
// single floats, the nearest of few, means.
#include "kernel.h"

#define POINTS 800
#define GROUPS 8
#define DIMENSIONS 5
#define MOST_TURNS 12

typedef struct {
  float at[DIMENSIONS];
} Point;

static Point points[POINTS], centres[GROUPS];
static uint8_t group_of[POINTS];

static inline float distance(const Point *a, const Point *b) {
  float sum = 0;
  for (int i = 0; i < DIMENSIONS; i++) {
    float side = a->at[i] - b->at[i];
    sum += side * side;
  }
  return sum;
}

/** The first is any; each other one is the point furthest from those there are. */
static NOINLINE void choose_centres(int first) {
  static float nearest[POINTS];
  for (int i = 0; i < POINTS; i++) nearest[i] = INFINITY;
  for (int group = 0, chosen = first; group < GROUPS; group++) {
    centres[group] = points[chosen];
    for (int i = 0; i < POINTS; i++) {
      float far = distance(&points[i], &centres[group]);
      if (far < nearest[i]) nearest[i] = far;
    }
    for (int i = 0; i < POINTS; i++) {
      if (nearest[i] > nearest[chosen]) chosen = i;
    }
  }
}

/** How many points changed their group. */
static NOINLINE int assign(void) {
  int changed = 0;
  for (int i = 0; i < POINTS; i++) {
    uint8_t best = 0;
    float least = distance(&points[i], &centres[0]);
    for (uint8_t group = 1; group < GROUPS; group++) {
      float far = distance(&points[i], &centres[group]);
      if (far < least) {
        least = far;
        best = group;
      }
    }
    changed += group_of[i] != best;
    group_of[i] = best;
  }
  return changed;
}

/** A group without points stays where it is. */
static NOINLINE void move_centres(void) {
  Point sums[GROUPS] = {0};
  int counts[GROUPS] = {0};
  for (int i = 0; i < POINTS; i++) {
    for (int j = 0; j < DIMENSIONS; j++) sums[group_of[i]].at[j] += points[i].at[j];
    counts[group_of[i]]++;
  }
  for (int group = 0; group < GROUPS; group++) {
    if (counts[group] == 0) continue;
    for (int j = 0; j < DIMENSIONS; j++) {
      centres[group].at[j] = sums[group].at[j] / (float)counts[group];
    }
  }
}

static float spread(void) {
  float sum = 0;
  for (int i = 0; i < POINTS; i++) sum += sqrtf(distance(&points[i], &centres[group_of[i]]));
  return sum / POINTS;
}

static void make_points(void) {
  seed = 263;
  for (int i = 0; i < POINTS; i++) {
    uint32_t heap = next_random() % 11;
    for (uint32_t j = 0; j < DIMENSIONS; j++) {
      float middle = (float)((heap + 1) * (j + 3) * 37 % 100);
      points[i].at[j] = middle + (float)(next_random() % 4096 + next_random() % 4096) / 200 - 20;
    }
  }
}

uint32_t run(int n) {
  uint32_t sum = 0;
  make_points();
  for (int round = 0; round < n; round++) {
    int turns = 0;
    choose_centres(round * 61 % POINTS);
    memset(group_of, 0, sizeof group_of);
    while (turns < MOST_TURNS && assign() > 0) {
      move_centres();
      turns++;
    }
    sum = mix(mix(sum, (uint32_t)turns), bits_of(spread()));
    for (int i = 0; i < POINTS; i += 9) sum = mix(sum, group_of[i]);
  }
  return sum;
}
