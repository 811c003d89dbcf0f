// Plane geometry as maps need it: the hull around points, its width and area, which points lie in a
// polygon, a polygon cut by another, a line made simpler. Doubles, a sort, recursion.
#include "kernel.h"

#define POINTS 240
#define CORNERS 48
#define MOST_CORNERS (CORNERS + POINTS)

typedef struct {
  double x, y;
} Point;

static Point points[POINTS], hull[POINTS + 1], outline[CORNERS];
static Point cut[2][MOST_CORNERS];

/** Twice the area of the triangle: positive when the third is on the left. */
static inline double turn(Point a, Point b, Point c) {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

static inline double distance(Point a, Point b) {
  return sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y));
}

static int from_the_left(const void *first, const void *second) {
  const Point *a = first, *b = second;
  if (a->x != b->x) return a->x < b->x ? -1 : 1;
  return a->y < b->y ? -1 : a->y > b->y;
}

/** The lower side and then the upper one, each from the points in order. Answers the corners. */
static NOINLINE int find_hull(void) {
  int count = 0;
  qsort(points, POINTS, sizeof *points, from_the_left);
  for (int i = 0; i < POINTS; i++) {
    while (count > 1 && turn(hull[count - 2], hull[count - 1], points[i]) <= 0) count--;
    hull[count++] = points[i];
  }
  int lower = count;
  for (int i = POINTS - 2; i >= 0; i--) {
    while (count > lower && turn(hull[count - 2], hull[count - 1], points[i]) <= 0) count--;
    hull[count++] = points[i];
  }
  return count - 1;
}

static NOINLINE double area(const Point *corners, int count) {
  double sum = 0;
  for (int i = 0, before = count - 1; i < count; before = i++) {
    sum += corners[before].x * corners[i].y - corners[i].x * corners[before].y;
  }
  return sum / 2;
}

/** The two corners furthest from each other, by a pair of parallels that goes round. */
static NOINLINE double widest(int count) {
  double most = 0;
  for (int i = 0, far = 1; i < count; i++) {
    Point a = hull[i], b = hull[(i + 1) % count];
    while (turn(a, b, hull[(far + 1) % count]) > turn(a, b, hull[far])) far = (far + 1) % count;
    double here = distance(a, hull[far]), there = distance(b, hull[far]);
    if (here > most) most = here;
    if (there > most) most = there;
  }
  return most;
}

/** Inside is from where a ray crosses the outline an odd number of times. */
static NOINLINE int is_inside(Point point) {
  int inside = 0;
  for (int i = 0, before = CORNERS - 1; i < CORNERS; before = i++) {
    Point a = outline[before], b = outline[i];
    if ((a.y > point.y) == (b.y > point.y)) continue;
    double crossing = a.x + (point.y - a.y) * (b.x - a.x) / (b.y - a.y);
    inside ^= point.x < crossing;
  }
  return inside;
}

/** What of the corners is on the left of a line, in a new list with new corners on the line. */
static NOINLINE int cut_by_line(const Point *from, int count, Point a, Point b, Point *to) {
  int made = 0;
  if (count == 0) return 0;
  Point before = from[count - 1];
  double side_before = turn(a, b, before);
  for (int i = 0; i < count; i++) {
    Point corner = from[i];
    double side = turn(a, b, corner);
    if ((side < 0) != (side_before < 0)) {
      double share = side_before / (side_before - side);
      to[made++] = (Point){before.x + (corner.x - before.x) * share,
                           before.y + (corner.y - before.y) * share};
    }
    if (side >= 0) to[made++] = corner;
    before = corner;
    side_before = side;
  }
  return made;
}

/** The area that the outline and a hull that turns left have in common. */
static NOINLINE double common_area(int corners) {
  int count = CORNERS, at = 0;
  memcpy(cut[0], outline, sizeof outline);
  for (int i = 0; i < corners; i++) {
    count = cut_by_line(cut[at], count, hull[i], hull[(i + 1) % corners], cut[1 - at]);
    at = 1 - at;
  }
  return area(cut[at], count);
}

/** Leaves out corners that are nearer than that to the line without them. Answers who stays. */
static int simplify(const Point *line, int first, int last, double most) {
  double length = distance(line[first], line[last]), furthest = most;
  int chosen = -1;
  for (int i = first + 1; i < last; i++) {
    double far = length > 0 ? fabs(turn(line[first], line[last], line[i])) / length
                            : distance(line[first], line[i]);
    if (far > furthest) {
      furthest = far;
      chosen = i;
    }
  }
  if (chosen < 0) return 1;
  return simplify(line, first, chosen, most) + simplify(line, chosen, last, most);
}

static double draw(double width) {
  return (double)next_random() / (1 << 24) * width;
}

/** A star with rays of many lengths, in the direction in which angles grow. */
static void make_outline(void) {
  // A step's cosine and sine, turned on and on: the library's might differ in their last bit.
  const double cosine = 0.99144486137381041, sine = 0.13052619222005159;
  Point ray = {1, 0};
  for (int i = 0; i < CORNERS; i++) {
    double length = 20 + draw(40);
    outline[i] = (Point){50 + ray.x * length, 50 + ray.y * length};
    ray = (Point){ray.x * cosine - ray.y * sine, ray.x * sine + ray.y * cosine};
  }
}

uint32_t run(int n) {
  uint32_t sum = 0;
  seed = 313;
  for (int round = 0; round < n; round++) {
    int inside = 0;
    make_outline();
    for (int i = 0; i < POINTS; i++) {
      double x = 20 + draw(40) + draw(30), y = draw(50) + draw(50);
      points[i] = (Point){x, y};
    }
    int corners = find_hull();
    for (int i = 0; i < POINTS; i++) inside += is_inside(points[i]);
    sum = mix(mix(sum, (uint32_t)corners), (uint32_t)inside);
    sum = mix(mix(sum, bits_of(area(hull, corners))), bits_of(widest(corners)));
    sum = mix(sum, bits_of(common_area(corners)));
    sum = mix(sum, (uint32_t)simplify(points, 0, POINTS - 1, 1 + round % 20));
    sum = mix(sum, (uint32_t)simplify(outline, 0, CORNERS - 1, 5 + round % 11));
  }
  return sum;
}
