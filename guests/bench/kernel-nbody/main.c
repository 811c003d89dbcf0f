// Five bodies under gravity: short loops with long straight floating-point code and square roots.
#include "kernel.h"

#define BODIES 5
#define STEP 0.001

typedef struct {
  double x, y, z, vx, vy, vz, mass;
} Body;

static Body bodies[BODIES];

static void attract(Body *p, Body *q) {
  double dx = p->x - q->x, dy = p->y - q->y, dz = p->z - q->z;
  double square = dx * dx + dy * dy + dz * dz;
  double pull = STEP / (square * sqrt(square));
  p->vx -= dx * q->mass * pull;
  p->vy -= dy * q->mass * pull;
  p->vz -= dz * q->mass * pull;
  q->vx += dx * p->mass * pull;
  q->vy += dy * p->mass * pull;
  q->vz += dz * p->mass * pull;
}

static NOINLINE void advance(int count) {
  for (int i = 0; i < count; i++) {
    for (int j = i + 1; j < count; j++) attract(&bodies[i], &bodies[j]);
  }
  for (int i = 0; i < count; i++) {
    bodies[i].x += STEP * bodies[i].vx;
    bodies[i].y += STEP * bodies[i].vy;
    bodies[i].z += STEP * bodies[i].vz;
  }
}

uint32_t run(int n) {
  for (int i = 0; i < BODIES; i++) {
    bodies[i] = (Body){i * 5.1 + 0.1, i * -3.3,   i * 0.7,  i * 0.3,
                       0.5 - i * 0.2, 0.01 * i, i > 0 ? 0.03 / i : 39.47};
  }
  for (int step = 0; step < n * 2000; step++) advance(BODIES);
  return bits_of(bodies[0].x + bodies[1].y + bodies[4].vz);
}
