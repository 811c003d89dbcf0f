// Spectral norm of an endless matrix: a division for each trip of the inner loop.
#include "kernel.h"

static inline double cell(int i, int j) {
  return 1.0 / ((i + j) * (i + j + 1) / 2 + i + 1);
}

static NOINLINE void times(int n, const double *vector, double *out) {
  for (int i = 0; i < n; i++) {
    double total = 0;
    for (int j = 0; j < n; j++) total += cell(i, j) * vector[j];
    out[i] = total;
  }
}

static NOINLINE void times_transposed(int n, const double *vector, double *out) {
  for (int i = 0; i < n; i++) {
    double total = 0;
    for (int j = 0; j < n; j++) total += cell(j, i) * vector[j];
    out[i] = total;
  }
}

uint32_t run(int n) {
  size_t bytes = (size_t)n * sizeof(double);
  double *u = malloc(bytes), *v = malloc(bytes), *between = malloc(bytes);
  for (int i = 0; i < n; i++) u[i] = 1;
  for (int round = 0; round < 5; round++) {
    times(n, u, between);
    times_transposed(n, between, v);
    times(n, v, between);
    times_transposed(n, between, u);
  }
  double both = 0, square = 0;
  for (int i = 0; i < n; i++) {
    both += u[i] * v[i];
    square += v[i] * v[i];
  }
  free(u);
  free(v);
  free(between);
  return bits_of(sqrt(both / square));
}
