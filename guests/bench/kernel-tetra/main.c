// Draws stones that tumble past a camera: tetrahedra cut finer and finer, a matrix for each stone,
// what is too near cut off, the rest filled line by line with a depth buffer and smooth light.
#include "kernel.h"

#define WIDTH 128
#define HEIGHT 96
#define FINENESS 3
/** A tetrahedron's, each cut in four for every step. */
#define FACES (4 << (2 * FINENESS))
#define POINTS (FACES / 2 + 2)
#define STONES 6
#define NEAR 0.5
#define FAR 40.0

typedef double Matrix[4][4];

typedef struct {
  double x, y, z;
} Vector;

typedef struct {
  double x, y, z, w, light;
} Corner;

typedef struct {
  uint16_t corners[3];
} Face;

typedef struct {
  Vector at, axis;
  double size, speed;
} Stone;

static Vector points[POINTS], normals[POINTS];
static Face faces[FACES];
static uint16_t middles[POINTS][2];
static int point_count, face_count;
static Stone stones[STONES];
static float depths[HEIGHT][WIDTH];
static uint8_t picture[HEIGHT][WIDTH];
static uint32_t edges_cut, drawn;

static inline double dot(Vector a, Vector b) {
  return a.x * b.x + a.y * b.y + a.z * b.z;
}

static inline Vector scaled(Vector a, double factor) {
  return (Vector){a.x * factor, a.y * factor, a.z * factor};
}

static inline Vector normalised(Vector a) {
  return scaled(a, 1 / sqrt(dot(a, a)));
}

/** The point between two, the same for both faces at that edge. */
static uint16_t middle_of(uint16_t a, uint16_t b) {
  for (int i = 4; i < point_count; i++) {
    if (middles[i][0] == b && middles[i][1] == a) return (uint16_t)i;
  }
  Vector one = points[a], other = points[b];
  points[point_count] = normalised((Vector){one.x + other.x, one.y + other.y, one.z + other.z});
  middles[point_count][0] = a;
  middles[point_count][1] = b;
  return (uint16_t)point_count++;
}

static void cut(uint16_t a, uint16_t b, uint16_t c, int fineness) {
  if (fineness == 0) {
    faces[face_count++] = (Face){{a, b, c}};
    return;
  }
  uint16_t ab = middle_of(a, b), bc = middle_of(b, c), ca = middle_of(c, a);
  cut(a, ab, ca, fineness - 1);
  cut(ab, b, bc, fineness - 1);
  cut(ca, bc, c, fineness - 1);
  cut(ab, bc, ca, fineness - 1);
}

/** A ball of triangles whose points are then moved in and out a little. */
static void make_mesh(void) {
  static const Vector TIPS[] = {{1, 1, 1}, {-1, -1, 1}, {-1, 1, -1}, {1, -1, -1}};
  point_count = 4;
  face_count = 0;
  for (int i = 0; i < 4; i++) points[i] = normalised(TIPS[i]);
  cut(0, 2, 1, FINENESS);
  cut(0, 1, 3, FINENESS);
  cut(0, 3, 2, FINENESS);
  cut(1, 2, 3, FINENESS);
  for (int i = 0; i < point_count; i++) {
    normals[i] = points[i];
    points[i] = scaled(points[i], 0.85 + next_random() % 256 / 1024.0);
  }
}

static void make_stones(void) {
  for (int i = 0; i < STONES; i++) {
    double part[6];
    for (int j = 0; j < 6; j++) part[j] = next_random() % 2001 / 1000.0 - 1;
    Stone *stone = &stones[i];
    stone->at = (Vector){part[0] * 3, part[1] * 2, 2 + i * 2};
    stone->axis = normalised((Vector){part[2], part[3], 1});
    stone->size = 1 + part[4] * 0.4;
    stone->speed = part[5];
  }
}

static inline double along(const double *row, Vector a) {
  return row[0] * a.x + row[1] * a.y + row[2] * a.z;
}

static NOINLINE void multiply(Matrix to, const Matrix a, const Matrix b) {
  for (int i = 0; i < 4; i++) {
    for (int j = 0; j < 4; j++) {
      double sum = 0;
      for (int k = 0; k < 4; k++) sum += a[i][k] * b[k][j];
      to[i][j] = sum;
    }
  }
}

/** Size, turn and place of a stone; `turn` is the tangent of half the angle about its axis. */
static void place(Matrix to, const Stone *stone, double turn, double ahead) {
  double w = 1 / sqrt(1 + turn * turn), size = stone->size;
  Vector v = scaled(stone->axis, turn * w);
  Matrix made = {{1 - 2 * (v.y * v.y + v.z * v.z), 2 * (v.x * v.y - w * v.z),
                  2 * (v.x * v.z + w * v.y), stone->at.x},
                 {2 * (v.x * v.y + w * v.z), 1 - 2 * (v.x * v.x + v.z * v.z),
                  2 * (v.y * v.z - w * v.x), stone->at.y},
                 {2 * (v.x * v.z - w * v.y), 2 * (v.y * v.z + w * v.x),
                  1 - 2 * (v.x * v.x + v.y * v.y), stone->at.z - ahead},
                 {0, 0, 0, 1}};
  for (int i = 0; i < 3; i++) {
    for (int j = 0; j < 3; j++) to[i][j] = made[i][j] * size;
    to[i][3] = made[i][3];
    to[3][i] = 0;
  }
  to[3][3] = 1;
}

static inline Corner between(const Corner *a, const Corner *b, double part) {
  return (Corner){a->x + (b->x - a->x) * part, a->y + (b->y - a->y) * part,
                  a->z + (b->z - a->z) * part, a->w + (b->w - a->w) * part,
                  a->light + (b->light - a->light) * part};
}

/** One line of a triangle, from the left edge to the right one. */
static NOINLINE void fill_line(int row, const Corner *left, const Corner *right) {
  double width = right->x - left->x;
  if (width <= 0 || right->x < 0 || left->x > WIDTH) return;
  int from = left->x < 0.5 ? 0 : (int)ceil(left->x - 0.5);
  int to = right->x > WIDTH ? WIDTH : (int)ceil(right->x - 0.5);
  double depth_step = (right->z - left->z) / width;
  double light_step = (right->light - left->light) / width;
  double past = from + 0.5 - left->x;
  double depth = left->z + depth_step * past, light = left->light + light_step * past;
  for (int x = from; x < to; x++, depth += depth_step, light += light_step) {
    if ((float)depth >= depths[row][x]) continue;
    depths[row][x] = (float)depth;
    picture[row][x] = (uint8_t)(32 + (light < 0 ? 0 : light) * 200);
  }
}

static inline void put_in_order(const Corner **upper, const Corner **lower) {
  const Corner *kept = *upper;
  if (kept->y <= (*lower)->y) return;
  *upper = *lower;
  *lower = kept;
}

/** Between the long edge and, line by line, the upper or the lower short one. */
static NOINLINE void fill(const Corner *a, const Corner *b, const Corner *c) {
  put_in_order(&a, &b);
  put_in_order(&b, &c);
  put_in_order(&a, &b);
  if (c->y <= 0 || a->y >= HEIGHT) return;
  int from = a->y < 0.5 ? 0 : (int)ceil(a->y - 0.5);
  int to = c->y > HEIGHT ? HEIGHT : (int)ceil(c->y - 0.5);
  for (int row = from; row < to; row++) {
    double y = row + 0.5;
    Corner longest = between(a, c, (y - a->y) / (c->y - a->y));
    Corner across = y < b->y ? between(a, b, (y - a->y) / (b->y - a->y))
                             : between(b, c, (y - b->y) / (c->y - b->y));
    if (longest.x < across.x) fill_line(row, &longest, &across);
    else fill_line(row, &across, &longest);
  }
}

static void project(Corner *corner) {
  corner->x = (corner->x / corner->w + 1) * (WIDTH / 2);
  corner->y = (1 - corner->y / corner->w) * (HEIGHT / 2);
  corner->z /= corner->w;
}

/** Cuts off what is before the near plane, where z is below 0; three or four corners are left. */
static NOINLINE void draw(const Corner *first, const Corner *second, const Corner *third) {
  const Corner *in[] = {first, second, third};
  Corner out[4];
  int count = 0;
  for (int i = 0; i < 3; i++) {
    const Corner *a = in[i], *b = in[(i + 1) % 3];
    if (a->z >= 0) out[count++] = *a;
    if ((a->z >= 0) == (b->z >= 0)) continue;
    out[count++] = between(a, b, a->z / (a->z - b->z));
    edges_cut++;
  }
  if (count < 3) return;
  for (int i = 0; i < count; i++) project(&out[i]);
  double area = (out[1].x - out[0].x) * (out[2].y - out[0].y) -
                (out[1].y - out[0].y) * (out[2].x - out[0].x);
  if (area <= 0) return;
  drawn++;
  for (int i = 2; i < count; i++) fill(&out[0], &out[i - 1], &out[i]);
}

static NOINLINE void draw_stone(const Matrix view, const Matrix model) {
  static Corner corners[POINTS];
  static const Vector LIGHT = {0.48, 0.64, -0.6};
  Matrix all;
  multiply(all, view, model);
  for (int i = 0; i < point_count; i++) {
    Vector p = points[i], normal = normals[i], turned;
    double to[4];
    for (int j = 0; j < 4; j++) to[j] = along(all[j], p) + all[j][3];
    turned.x = along(model[0], normal);
    turned.y = along(model[1], normal);
    turned.z = along(model[2], normal);
    corners[i] = (Corner){to[0], to[1], to[2], to[3], dot(normalised(turned), LIGHT)};
  }
  for (int i = 0; i < face_count; i++) {
    const uint16_t *own = faces[i].corners;
    draw(&corners[own[0]], &corners[own[1]], &corners[own[2]]);
  }
}

uint32_t run(int n) {
  static const Matrix VIEW = {{1.5, 0, 0, 0},
                              {0, 2, 0, 0},
                              {0, 0, FAR / (FAR - NEAR), -FAR * NEAR / (FAR - NEAR)},
                              {0, 0, 1, 0}};
  uint32_t sum = 0;
  seed = 631;
  edges_cut = drawn = 0;
  make_mesh();
  make_stones();
  for (int frame = 0; frame < n; frame++) {
    memset(picture, 0, sizeof picture);
    for (int i = 0; i < WIDTH * HEIGHT; i++) depths[i / WIDTH][i % WIDTH] = 1;
    for (int i = 0; i < STONES; i++) {
      Matrix model;
      place(model, &stones[i], stones[i].speed * (frame % 40 - 20) / 4, frame % 40 / 4.0);
      draw_stone(VIEW, model);
    }
    for (int i = 0; i < WIDTH * HEIGHT; i++) sum = mix(sum, picture[i / WIDTH][i % WIDTH]);
    sum = mix(mix(sum, edges_cut), drawn);
  }
  return sum;
}
