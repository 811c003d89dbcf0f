// The Mandelbrot set: a tight floating-point loop that ends by its data.
#include "kernel.h"

#define ROUNDS 100

static int rounds_at(double cr, double ci) {
  double zr = 0, zi = 0;
  int round = 0;
  while (round < ROUNDS && zr * zr + zi * zi < 4) {
    double next = zr * zr - zi * zi + cr;
    zi = 2 * zr * zi + ci;
    zr = next;
    round++;
  }
  return round;
}

uint32_t run(int n) {
  uint32_t sum = 0;
  for (int y = 0; y < n; y++) {
    for (int x = 0; x < n; x++) {
      sum = mix(sum, (uint32_t)rounds_at(2.0 * x / n - 1.5, 2.0 * y / n - 1));
    }
  }
  return sum;
}
