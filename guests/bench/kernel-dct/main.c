// A picture through the middle of a JPEG and back: the cosine transform of 8 by 8 in doubles, rounding
// to steps, runs of zeros in zigzag order, and the inverse.
#include "kernel.h"

#define SIDE 64

static uint8_t picture[SIDE][SIDE], restored[SIDE][SIDE];
static int16_t coded[4 * SIDE * SIDE];

/** cos((2 i + 1) k pi / 16) / 2 by k and i; the first row's is less by the root of 2. */
static const double COSINES[8][4] = {
    {0.35355339059327379, 0.35355339059327379, 0.35355339059327379, 0.35355339059327379},
    {0.49039264020161522, 0.41573480615127262, 0.27778511650980114, 0.097545161008064166},
    {0.46193976625564337, 0.19134171618254492, -0.19134171618254492, -0.46193976625564337},
    {0.41573480615127262, -0.097545161008064166, -0.49039264020161522, -0.27778511650980114},
    {0.35355339059327379, -0.35355339059327379, -0.35355339059327379, 0.35355339059327379},
    {0.27778511650980114, -0.49039264020161522, 0.097545161008064166, 0.41573480615127262},
    {0.19134171618254492, -0.46193976625564337, 0.46193976625564337, -0.19134171618254492},
    {0.097545161008064166, -0.27778511650980114, 0.41573480615127262, -0.49039264020161522}};

static uint8_t zigzag[64];

/** The order of the anti-diagonals, each the other way than the one before. */
static void make_zigzag(void) {
  int made = 0;
  for (int diagonal = 0; diagonal < 15; diagonal++) {
    for (int i = 0; i <= diagonal; i++) {
      int y = diagonal % 2 ? i : diagonal - i, x = diagonal - y;
      if (x < 8 && y < 8) zigzag[made++] = (uint8_t)(8 * y + x);
    }
  }
}

/** Eight values `stride` apart. Sums of mirrored ones make the even rows, differences the odd. */
static inline void forward(double *at, int stride) {
  double both[2][4];
  for (int i = 0; i < 4; i++) {
    both[0][i] = at[i * stride] + at[(7 - i) * stride];
    both[1][i] = at[i * stride] - at[(7 - i) * stride];
  }
  for (int k = 0; k < 8; k++) {
    const double *values = both[k % 2], *by = COSINES[k];
    at[k * stride] = values[0] * by[0] + values[1] * by[1] + values[2] * by[2] + values[3] * by[3];
  }
}

static inline void inverse(double *at, int stride) {
  double even[4] = {0}, odd[4] = {0};
  for (int k = 0; k < 8; k += 2) {
    for (int i = 0; i < 4; i++) even[i] += at[k * stride] * COSINES[k][i];
    for (int i = 0; i < 4; i++) odd[i] += at[(k + 1) * stride] * COSINES[k + 1][i];
  }
  for (int i = 0; i < 4; i++) {
    at[i * stride] = even[i] + odd[i];
    at[(7 - i) * stride] = even[i] - odd[i];
  }
}

/** Pairs of a run of zeros and the value after it; a run of 64 ends a block. */
static NOINLINE int16_t *encode(int16_t *out, int top, int left, int quality) {
  double block[64];
  int zeros = 0;
  for (int i = 0; i < 64; i++) block[i] = picture[top + i / 8][left + i % 8] - 128;
  for (int i = 0; i < 8; i++) forward(block + 8 * i, 1);
  for (int i = 0; i < 8; i++) forward(block + i, 8);
  for (int i = 0; i < 64; i++) {
    int step = quality + quality * (zigzag[i] / 8 + zigzag[i] % 8) / 2;
    int value = (int)floor(block[zigzag[i]] / step + 0.5);
    zeros++;
    if (value == 0) continue;
    *out++ = (int16_t)(zeros - 1);
    *out++ = (int16_t)value;
    zeros = 0;
  }
  *out++ = 64;
  return out;
}

static NOINLINE const int16_t *decode(const int16_t *from, int top, int left, int quality) {
  double block[64] = {0};
  for (int i = *from++; i < 64; i += *from++ + 1) {
    int step = quality + quality * (zigzag[i] / 8 + zigzag[i] % 8) / 2;
    block[zigzag[i]] = *from++ * step;
  }
  for (int i = 0; i < 8; i++) inverse(block + i, 8);
  for (int i = 0; i < 8; i++) inverse(block + 8 * i, 1);
  for (int i = 0; i < 64; i++) {
    int value = (int)floor(block[i] + 128.5);
    restored[top + i / 8][left + i % 8] = (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
  }
  return from;
}

uint32_t run(int n) {
  uint32_t sum = 0;
  seed = 171;
  make_zigzag();
  for (int i = 0; i < SIDE * SIDE; i++) {
    int x = i % SIDE, y = i / SIDE;
    int tile = (x / 11 + y / 7) % 2 * 40, noise = (int)(next_random() % 9);
    picture[y][x] = (uint8_t)(x * x / 32 + y + tile + noise);
  }
  for (int round = 0; round < n; round++) {
    int16_t *out = coded;
    const int16_t *from = coded;
    int quality = 4 + round % 20, error = 0;
    for (int i = 0; i < SIDE * SIDE / 64; i++) out = encode(out, i / 8 * 8, i % 8 * 8, quality);
    for (int i = 0; i < SIDE * SIDE / 64; i++) from = decode(from, i / 8 * 8, i % 8 * 8, quality);
    for (int i = 0; i < SIDE * SIDE; i++) {
      error += abs(picture[i / SIDE][i % SIDE] - restored[i / SIDE][i % SIDE]);
    }
    sum = mix(sum, (uint32_t)(out - coded));
    sum = mix(sum, (uint32_t)error);
    for (int16_t *value = coded; value < out; value += 3) sum = mix(sum, (uint32_t)*value);
  }
  return sum;
}
