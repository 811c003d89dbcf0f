// Draws a turning landscape of triangles with a depth buffer: single floats, a matrix and a division
// for each corner, for each pixel three edge functions, a compare and a store.
#include "kernel.h"

#define WIDTH 160
#define HEIGHT 120
#define SIDE 24

typedef struct {
  float x, y, z;
} Point;

static Point land[SIDE][SIDE], seen[SIDE][SIDE];
static float depth[HEIGHT][WIDTH];
static uint8_t picture[HEIGHT][WIDTH];

static inline float least(float a, float b) {
  return a < b ? a : b;
}

static inline float most(float a, float b) {
  return a > b ? a : b;
}

/** Twice the area to the left of the way from a to b as c sees it. */
static inline float edge(const Point *a, const Point *b, float x, float y) {
  return (b->x - a->x) * (y - a->y) - (b->y - a->y) * (x - a->x);
}

/** Turned about the upright axis and tilted; `turn` and `tilt` are tangents of half the angle. */
static NOINLINE void project(float turn, float tilt) {
  float cosine = (1 - turn * turn) / (1 + turn * turn), sine = 2 * turn / (1 + turn * turn);
  float down = (1 - tilt * tilt) / (1 + tilt * tilt), ahead = 2 * tilt / (1 + tilt * tilt);
  for (int i = 0; i < SIDE; i++) {
    for (int j = 0; j < SIDE; j++) {
      Point p = land[i][j];
      float x = p.x * cosine - p.z * sine, flat = p.x * sine + p.z * cosine;
      float y = p.y * down - flat * ahead, z = p.y * ahead + flat * down + 3;
      seen[i][j] = (Point){WIDTH / 2 + x / z * WIDTH, HEIGHT / 2 - y / z * WIDTH, z};
    }
  }
}

static float shade_of(const Point *a, const Point *b, const Point *c) {
  Point u = {b->x - a->x, b->y - a->y, b->z - a->z}, v = {c->x - a->x, c->y - a->y, c->z - a->z};
  Point normal = {u.y * v.z - u.z * v.y, u.z * v.x - u.x * v.z, u.x * v.y - u.y * v.x};
  float size = sqrtf(normal.x * normal.x + normal.y * normal.y + normal.z * normal.z);
  return most(20, 235 * fabsf(0.5f * normal.x + 0.7f * normal.y + 0.4f * normal.z) / size);
}

static NOINLINE int draw(const Point *a, const Point *b, const Point *c, float shade) {
  float area = edge(a, b, c->x, c->y);
  int drawn = 0;
  if (area == 0) return 0;
  int left = (int)most(0, least(a->x, least(b->x, c->x)));
  int right = (int)least(WIDTH - 1, most(a->x, most(b->x, c->x)));
  int top = (int)most(0, least(a->y, least(b->y, c->y)));
  int bottom = (int)least(HEIGHT - 1, most(a->y, most(b->y, c->y)));
  for (int y = top; y <= bottom; y++) {
    for (int x = left; x <= right; x++) {
      float px = (float)x + 0.5f, py = (float)y + 0.5f;
      float by_a = edge(b, c, px, py) / area, by_b = edge(c, a, px, py) / area;
      float by_c = 1 - by_a - by_b;
      if (by_a < 0 || by_b < 0 || by_c < 0) continue;
      float z = by_a * a->z + by_b * b->z + by_c * c->z;
      if (z >= depth[y][x]) continue;
      depth[y][x] = z;
      picture[y][x] = (uint8_t)(shade - z * 4);
      drawn++;
    }
  }
  return drawn;
}

static NOINLINE int draw_all(void) {
  int drawn = 0;
  for (int i = 0; i + 1 < SIDE; i++) {
    for (int j = 0; j + 1 < SIDE; j++) {
      const Point *from = &land[i][j], *at = &seen[i][j];
      float upper = shade_of(from, from + 1, from + SIDE);
      float lower = shade_of(from + 1, from + SIDE + 1, from + SIDE);
      drawn += draw(at, at + 1, at + SIDE, upper) + draw(at + 1, at + SIDE + 1, at + SIDE, lower);
    }
  }
  return drawn;
}

uint32_t run(int n) {
  uint32_t sum = 0;
  seed = 141;
  for (int i = 0; i < SIDE; i++) {
    for (int j = 0; j < SIDE; j++) {
      float bump = (float)(next_random() % 1000) / 3000, hill = (float)((i - 11) * (j - 9)) / 400;
      land[i][j] = (Point){(float)j / 11 - 1, bump + hill * hill, (float)i / 11 - 1};
    }
  }
  for (int frame = 0; frame < n; frame++) {
    memset(picture, 0, sizeof picture);
    for (int i = 0; i < WIDTH * HEIGHT; i++) depth[i / WIDTH][i % WIDTH] = 1000;
    project((float)frame / 16, 0.2f + (float)(frame % 8) / 40);
    sum = mix(sum, (uint32_t)draw_all());
    for (int i = 0; i < WIDTH * HEIGHT; i += 5) sum = mix(sum, picture[i / WIDTH][i % WIDTH]);
  }
  return sum;
}
