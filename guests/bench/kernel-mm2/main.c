// Two matrix products in a row on heap memory, column access: strided loads, size known at run time.
#include "kernel.h"

static void product(int size, double factor, const double *left, const double *right, double *out,
                    double keep) {
  for (int i = 0; i < size; i++) {
    for (int j = 0; j < size; j++) {
      double total = out[i * size + j] * keep;
      for (int k = 0; k < size; k++) total += factor * left[i * size + k] * right[k * size + j];
      out[i * size + j] = total;
    }
  }
}

static double *matrix(int cells, int modulus) {
  double *made = malloc((size_t)cells * sizeof *made);
  for (int i = 0; i < cells; i++) made[i] = i % modulus / (double)modulus;
  return made;
}

uint32_t run(int n) {
  int size = 120 + (n & 1);
  int cells = size * size;
  double *a = matrix(cells, 37), *b = matrix(cells, 41);
  double *c = matrix(cells, 43), *d = matrix(cells, 47), *t = matrix(cells, 53);
  for (int round = 0; round < n; round++) {
    product(size, 1.1, a, b, t, 0);
    product(size, 1, t, c, d, 0.3);
  }
  uint32_t sum = 0;
  for (int i = 0; i < cells; i++) sum = mix(sum, bits_of(d[i]));
  free(a);
  free(b);
  free(c);
  free(d);
  free(t);
  return sum;
}
