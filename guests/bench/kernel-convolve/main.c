// A 5 x 5 filter over a picture of bytes with clamped edges, in integers: loops four deep, the inner
// two short, saturation.
#include "kernel.h"

#define WIDTH 160
#define HEIGHT 120
#define REACH 2

static uint8_t picture[HEIGHT][WIDTH], filtered[HEIGHT][WIDTH];

static const int16_t FILTER[2 * REACH + 1][2 * REACH + 1] = {
    {1, 4, 6, 4, 1}, {4, 16, 24, 16, 4}, {6, 24, -476, 24, 6}, {4, 16, 24, 16, 4}, {1, 4, 6, 4, 1}};

static inline int clamp(int value, int limit) {
  return value < 0 ? 0 : value > limit ? limit : value;
}

static NOINLINE void filter(int weight) {
  for (int y = 0; y < HEIGHT; y++) {
    for (int x = 0; x < WIDTH; x++) {
      int total = 0;
      for (int dy = -REACH; dy <= REACH; dy++) {
        const uint8_t *row = picture[clamp(y + dy, HEIGHT - 1)];
        for (int dx = -REACH; dx <= REACH; dx++) {
          total += FILTER[dy + REACH][dx + REACH] * row[clamp(x + dx, WIDTH - 1)];
        }
      }
      filtered[y][x] = (uint8_t)clamp(picture[y][x] - total / weight, 255);
    }
  }
}

uint32_t run(int n) {
  uint32_t sum = 0;
  seed = 91;
  for (int y = 0; y < HEIGHT; y++) {
    for (int x = 0; x < WIDTH; x++) picture[y][x] = (uint8_t)(x * y / 16 + (int)(next_random() % 32));
  }
  for (int round = 0; round < n; round++) {
    filter(256 + round);
    memcpy(picture, filtered, sizeof picture);
    sum = mix(sum, picture[HEIGHT / 2][WIDTH / 2]);
  }
  for (int y = 0; y < HEIGHT; y++) {
    for (int x = 0; x < WIDTH; x += 3) sum = mix(sum, picture[y][x]);
  }
  return sum;
}
