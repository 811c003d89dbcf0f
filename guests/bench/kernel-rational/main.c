// Solves systems of equations exactly, by fractions of 64 bits in lowest terms and without any by
// whole numbers of 128; expands solutions to continued fractions, sums series, rounds what grows.
#include "kernel.h"

#define SMALL 6
#define LARGE 10
#define TERMS 24

typedef __int128 Wide;

/** In lowest terms, the bottom is positive. */
typedef struct {
  int64_t top, bottom;
} Fraction;

static uint32_t rounded;

static inline Wide size_of(Wide a) {
  return a < 0 ? -a : a;
}

/** By halving and subtracting. */
static NOINLINE uint64_t divisor(uint64_t a, uint64_t b) {
  if (a == 0 || b == 0) return a | b;
  int twos = __builtin_ctzll(a | b);
  a >>= __builtin_ctzll(a);
  while (b != 0) {
    b >>= __builtin_ctzll(b);
    uint64_t less = a < b ? a : b;
    b = a < b ? b - a : a - b;
    a = less;
  }
  return a << twos;
}

static uint64_t divisor_of(int64_t a, int64_t b) {
  return divisor((uint64_t)llabs(a), (uint64_t)llabs(b));
}

static NOINLINE Wide wide_divisor(Wide a, Wide b) {
  a = size_of(a);
  b = size_of(b);
  while (b > INT64_MAX) {
    Wide rest = a % b;
    a = b;
    b = rest;
  }
  return b == 0 ? a : (Wide)divisor((uint64_t)(a % b), (uint64_t)b);
}

/** In lowest terms; if that does not fit, the last step of its continued fraction that does. */
static NOINLINE Fraction fit(Wide top, Wide bottom) {
  Wide common = wide_divisor(top, bottom), a = size_of(top) / common, b = size_of(bottom) / common;
  int is_negative = (top < 0) != (bottom < 0);
  Wide p = 1, q = 0, old_p = 0, old_q = 1;
  if (a <= INT64_MAX && b <= INT64_MAX) {
    p = a;
    q = b;
    b = 0;
  } else {
    rounded++;
  }
  while (b != 0) {
    Wide term = a / b, rest = a % b;
    if (term > INT64_MAX) break;
    Wide next_p = term * p + old_p, next_q = term * q + old_q;
    if (next_p > INT64_MAX || next_q > INT64_MAX) break;
    old_p = p;
    old_q = q;
    p = next_p;
    q = next_q;
    a = b;
    b = rest;
  }
  return (Fraction){(int64_t)(is_negative ? -p : p), (int64_t)q};
}

static NOINLINE Fraction add(Fraction a, Fraction b) {
  int64_t common = (int64_t)divisor_of(a.bottom, b.bottom);
  Wide top = (Wide)a.top * (b.bottom / common) + (Wide)b.top * (a.bottom / common);
  return fit(top, (Wide)a.bottom * (b.bottom / common));
}

/** What can be cancelled is cancelled across before: then the product is in lowest terms. */
static NOINLINE Fraction multiply(Fraction a, Fraction b) {
  int64_t left = (int64_t)divisor_of(a.top, b.bottom);
  int64_t right = (int64_t)divisor_of(b.top, a.bottom);
  Wide top = (Wide)(a.top / left) * (b.top / right);
  Wide bottom = (Wide)(a.bottom / right) * (b.bottom / left);
  if (size_of(top) > INT64_MAX || bottom > INT64_MAX) return fit(top, bottom);
  return (Fraction){(int64_t)top, (int64_t)bottom};
}

static inline Fraction minus(Fraction a) {
  return (Fraction){-a.top, a.bottom};
}

static inline Fraction inverse(Fraction a) {
  return a.top < 0 ? (Fraction){-a.bottom, -a.top} : (Fraction){a.bottom, a.top};
}

/** Answers the rank. The last column becomes the solution, if it is the full one. */
static NOINLINE int solve_fractions(Fraction rows[SMALL][SMALL + 1]) {
  int rank = 0;
  for (int column = 0; column < SMALL; column++) {
    int pivot = rank;
    while (pivot < SMALL && rows[pivot][column].top == 0) pivot++;
    if (pivot == SMALL) continue;
    for (int j = 0; j <= SMALL; j++) {
      Fraction swapped = rows[pivot][j];
      rows[pivot][j] = rows[rank][j];
      rows[rank][j] = swapped;
    }
    Fraction factor = inverse(rows[rank][column]);
    for (int j = column; j <= SMALL; j++) rows[rank][j] = multiply(rows[rank][j], factor);
    for (int i = 0; i < SMALL; i++) {
      if (i == rank || rows[i][column].top == 0) continue;
      Fraction times = minus(rows[i][column]);
      for (int j = column; j <= SMALL; j++) {
        rows[i][j] = add(rows[i][j], multiply(times, rows[rank][j]));
      }
    }
    rank++;
  }
  return rank;
}

/** By Bareiss: all divisions come out even, entries are determinants of parts. Answers the whole
 * one, and if it is not 0 what each unknown is a fraction of it. */
static NOINLINE Wide solve_whole(Wide rows[LARGE][LARGE + 1], Wide *tops) {
  Wide before = 1;
  for (int k = 0; k < LARGE; k++) {
    int pivot = k;
    while (pivot < LARGE && rows[pivot][k] == 0) pivot++;
    if (pivot == LARGE) return 0;
    for (int j = 0; j <= LARGE && pivot > k; j++) {
      Wide swapped = rows[pivot][j];
      rows[pivot][j] = -rows[k][j];
      rows[k][j] = swapped;
    }
    for (int i = k + 1; i < LARGE; i++) {
      for (int j = k + 1; j <= LARGE; j++) {
        rows[i][j] = (rows[i][j] * rows[k][k] - rows[i][k] * rows[k][j]) / before;
      }
    }
    before = rows[k][k];
  }
  for (int i = LARGE - 1; i >= 0; i--) {
    tops[i] = rows[i][LARGE] * before;
    for (int j = i + 1; j < LARGE; j++) tops[i] -= rows[i][j] * tops[j];
    tops[i] /= rows[i][i];
  }
  return before;
}

/** The nearest fraction whose bottom is not above a limit. The terms are mixed into the sum. */
static NOINLINE Fraction nearest(Fraction value, int64_t limit, uint32_t *sum) {
  int64_t a = value.top, b = value.bottom, p = 1, q = 0, old_p = 0, old_q = 1;
  while (b != 0) {
    int64_t term = a / b - (a % b < 0);
    *sum = mix(*sum, (uint32_t)term);
    if (old_q + term * q > limit) break;
    int64_t next_p = old_p + term * p, next_q = old_q + term * q, rest = a - term * b;
    old_p = p;
    old_q = q;
    p = next_p;
    q = next_q;
    a = b;
    b = rest;
  }
  if (b == 0) return value;
  int64_t times = (limit - old_q) / q;
  // Is the last step at least as near as the one cut short?
  if ((Wide)2 * b * (old_q + times * q) <= value.bottom) return (Fraction){p, q};
  return (Fraction){old_p + times * p, old_q + times * q};
}

static uint32_t mix_fraction(uint32_t sum, Fraction value) {
  sum = mix(sum, (uint32_t)value.top ^ (uint32_t)(value.top >> 32));
  return mix(sum, (uint32_t)value.bottom ^ (uint32_t)(value.bottom >> 32));
}

static uint32_t small_system(uint32_t sum) {
  Fraction rows[SMALL][SMALL + 1];
  for (int i = 0; i < SMALL; i++) {
    for (int j = 0; j <= SMALL; j++) {
      int32_t top = (int32_t)(next_random() % 19) - 9;
      rows[i][j] = fit(top, j == SMALL ? 1 + next_random() % 6 : 1);
    }
  }
  // One in eight has an equation that says nothing new.
  if (next_random() % 8 == 0) {
    for (int j = 0; j <= SMALL; j++) rows[SMALL - 1][j] = add(rows[0][j], minus(rows[1][j]));
  }
  int rank = solve_fractions(rows);
  sum = mix(sum, (uint32_t)rank);
  for (int i = 0; i < rank; i++) {
    Fraction short_one = nearest(rows[i][SMALL], 500, &sum);
    sum = mix_fraction(sum, short_one);
  }
  return sum;
}

static uint32_t large_system(uint32_t sum) {
  Wide rows[LARGE][LARGE + 1], tops[LARGE];
  for (int i = 0; i < LARGE; i++) {
    for (int j = 0; j <= LARGE; j++) rows[i][j] = (Wide)(next_random() % 41) - 20;
  }
  Wide whole = solve_whole(rows, tops);
  sum = mix(sum, (uint32_t)whole ^ (uint32_t)(whole >> 32));
  for (int i = 0; i < LARGE && whole != 0; i++) {
    Fraction value = fit(tops[i], whole);
    Fraction short_one = nearest(value, 100000, &sum);
    sum = mix_fraction(mix_fraction(sum, value), short_one);
  }
  return sum;
}

/** Sums of a series, each step a fraction with a larger bottom, until they have to be rounded. */
static uint32_t series(uint32_t sum) {
  Fraction total = {0, 1}, power = {1, 1};
  int32_t top = (int32_t)(next_random() % 11) - 5;
  Fraction ratio = fit(top, 6 + next_random() % 5);
  for (int i = 0; i < TERMS; i++) {
    total = add(total, multiply(power, (Fraction){1, 2 * i + 1}));
    power = multiply(power, ratio);
  }
  return mix_fraction(mix_fraction(mix(sum, rounded), total), power);
}

uint32_t run(int n) {
  uint32_t sum = 0;
  seed = 727;
  rounded = 0;
  for (int round = 0; round < n; round++) sum = series(large_system(small_system(sum)));
  return sum;
}
