// Filters sound by Fourier's transform, a window after the other: bits of an index turned round,
// butterflies over complex doubles, a curve of gains, and the way back.
#include "kernel.h"

#define BITS 10
#define SIZE (1 << BITS)
#define HALF (SIZE / 2)
#define SAMPLES (6 * SIZE)

typedef struct {
  double real, imaginary;
} Complex;

static Complex window[SIZE], roots[HALF];
static double sound[SAMPLES + SIZE], filtered[SAMPLES + SIZE], shape[SIZE], gains[HALF + 1];

static inline Complex times(Complex a, Complex b) {
  return (Complex){a.real * b.real - a.imaginary * b.imaginary,
                   a.real * b.imaginary + a.imaginary * b.real};
}

static void make_tables(void) {
  const double pi = 3.14159265358979323846;
  for (int i = 0; i < HALF; i++) {
    roots[i] = (Complex){cos(2 * pi * i / SIZE), -sin(2 * pi * i / SIZE)};
  }
  for (int i = 0; i < SIZE; i++) shape[i] = 0.5 - 0.5 * cos(2 * pi * i / SIZE);
}

static void turn_bits(void) {
  for (int i = 1, turned = 0; i < SIZE; i++) {
    int bit = HALF;
    for (; turned & bit; bit >>= 1) turned ^= bit;
    turned |= bit;
    if (i < turned) {
      Complex held = window[i];
      window[i] = window[turned];
      window[turned] = held;
    }
  }
}

static NOINLINE void transform(void) {
  turn_bits();
  for (int length = 2; length <= SIZE; length *= 2) {
    int half = length / 2, step = SIZE / length;
    for (int start = 0; start < SIZE; start += length) {
      for (int i = 0; i < half; i++) {
        Complex *low = &window[start + i], *high = low + half;
        Complex turned = times(*high, roots[i * step]);
        *high = (Complex){low->real - turned.real, low->imaginary - turned.imaginary};
        *low = (Complex){low->real + turned.real, low->imaginary + turned.imaginary};
      }
    }
  }
}

/** The transform of what is mirrored, so that one table of roots does for both. */
static void transform_back(void) {
  for (int i = 0; i < SIZE; i++) window[i].imaginary = -window[i].imaginary;
  transform();
}

/** How loud a band is, and its part let through. */
static NOINLINE double apply_gains(void) {
  double loudest = 0;
  for (int i = 0; i <= HALF; i++) {
    Complex *at = &window[i], *mirrored = &window[(SIZE - i) % SIZE];
    double power = sqrt(at->real * at->real + at->imaginary * at->imaginary);
    if (power > loudest) loudest = power;
    double gain = power < 1 ? 0 : gains[i];
    at->real *= gain;
    at->imaginary *= gain;
    if (mirrored == at) continue;
    mirrored->real *= gain;
    mirrored->imaginary *= gain;
  }
  return loudest;
}

static void make_sound(void) {
  double low = 0, high = 0;
  seed = 257;
  for (int i = 0; i < SAMPLES + SIZE; i++) {
    low += 0.0131 + (i / 700 % 3) * 0.01;
    high += 0.31;
    // Saw teeth: no sine is asked for here, and they have all harmonics.
    sound[i] = (low - floor(low)) + 0.3 * (high - floor(high));
    sound[i] += (double)(next_random() % 1000) / 5000;
  }
}

/** What a last bit's difference between two C libraries does not change. */
static uint32_t rounded(double value) {
  return (uint32_t)(int32_t)floor(value * 4096 + 0.5);
}

uint32_t run(int n) {
  uint32_t sum = 0;
  make_tables();
  make_sound();
  for (int round = 0; round < n; round++) {
    // One of a run's windows; they overlap by half.
    int start = round * HALF % SAMPLES;
    if (start == 0) memset(filtered, 0, sizeof filtered);
    for (int i = 0; i <= HALF; i++) gains[i] = 1.0 / (1 + (double)(i * i) / (400 + round * 50));
    for (int i = 0; i < SIZE; i++) window[i] = (Complex){sound[start + i] * shape[i], 0};
    transform();
    sum = mix(sum, rounded(apply_gains()));
    transform_back();
    for (int i = 0; i < SIZE; i++) filtered[start + i] += window[i].real / SIZE;
    for (int i = 0; i < SIZE; i += 16) sum = mix(sum, rounded(filtered[start + i]));
  }
  return sum;
}
