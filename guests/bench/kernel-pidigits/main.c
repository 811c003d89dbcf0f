// Digits of pi from integers of any length (Gibbons's spigot): 64-bit multiply, carry and divide
// over arrays of 32-bit limbs.
#include "kernel.h"

#define LIMBS 4096
/** What fits: 2,000 digits take about 2,900 limbs. */
#define MOST 100

typedef struct {
  int length;
  uint32_t limbs[LIMBS];
} Number;

static void trim(Number *a) {
  while (a->length > 0 && a->limbs[a->length - 1] == 0) a->length--;
}

static void set(Number *a, uint32_t value) {
  a->limbs[0] = value;
  a->length = value > 0;
}

static NOINLINE void times(Number *a, uint32_t by) {
  uint64_t carry = 0;
  for (int i = 0; i < a->length; i++) {
    carry += (uint64_t)a->limbs[i] * by;
    a->limbs[i] = (uint32_t)carry;
    carry >>= 32;
  }
  if (carry) a->limbs[a->length++] = (uint32_t)carry;
  trim(a);
}

/** a += b * by */
static NOINLINE void add_times(Number *a, const Number *b, uint32_t by) {
  uint64_t carry = 0;
  int length = a->length > b->length ? a->length : b->length;
  for (int i = a->length; i < length; i++) a->limbs[i] = 0;
  for (int i = 0; i < length; i++) {
    carry += a->limbs[i];
    if (i < b->length) carry += (uint64_t)b->limbs[i] * by;
    a->limbs[i] = (uint32_t)carry;
    carry >>= 32;
  }
  a->length = length;
  if (carry) a->limbs[a->length++] = (uint32_t)carry;
  trim(a);
}

/** a -= b * by, which is not larger */
static NOINLINE void take_times(Number *a, const Number *b, uint32_t by) {
  uint64_t carry = 0;
  for (int i = 0; i < a->length; i++) {
    if (i < b->length) carry += (uint64_t)b->limbs[i] * by;
    uint32_t part = (uint32_t)carry;
    carry >>= 32;
    if (a->limbs[i] < part) carry++;
    a->limbs[i] -= part;
  }
  trim(a);
}

static int compare(const Number *a, const Number *b) {
  if (a->length != b->length) return a->length < b->length ? -1 : 1;
  for (int i = a->length - 1; i >= 0; i--) {
    if (a->limbs[i] != b->limbs[i]) return a->limbs[i] < b->limbs[i] ? -1 : 1;
  }
  return 0;
}

/** (a * by + plus) / c, known to be a single digit */
static uint32_t quotient(const Number *a, uint32_t by, const Number *plus, const Number *c) {
  static Number rest;
  uint32_t digit = 0;
  rest.length = a->length;
  memcpy(rest.limbs, a->limbs, (size_t)a->length * sizeof *a->limbs);
  times(&rest, by);
  add_times(&rest, plus, 1);
  for (; digit < 10 && compare(&rest, c) >= 0; digit++) take_times(&rest, c, 1);
  return digit;
}

uint32_t run(int n) {
  static Number numerator, accumulator, denominator;
  uint32_t sum = 0;
  int digits = 20 * (n < MOST ? n : MOST), made = 0;
  set(&numerator, 1);
  set(&accumulator, 0);
  set(&denominator, 1);
  for (uint32_t k = 1; made < digits; k++) {
    uint32_t odd = 2 * k + 1;
    add_times(&accumulator, &numerator, 2);
    times(&accumulator, odd);
    times(&numerator, k);
    times(&denominator, odd);
    if (compare(&numerator, &accumulator) > 0) continue;
    uint32_t digit = quotient(&numerator, 3, &accumulator, &denominator);
    if (digit != quotient(&numerator, 4, &accumulator, &denominator)) continue;
    sum = mix(sum, digit);
    made++;
    take_times(&accumulator, &denominator, digit);
    times(&accumulator, 10);
    times(&numerator, 10);
  }
  return sum;
}
