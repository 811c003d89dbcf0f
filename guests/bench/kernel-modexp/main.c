// Powers modulo a number of 512 bits, as RSA and Diffie-Hellman take them, in Montgomery's form:
// 32-bit limbs multiplied to 64 bits, carries along rows.
#include "kernel.h"

#define LIMBS 16
#define WINDOW 4

typedef uint32_t Number[LIMBS];

static Number modulus;
/** -1 / modulus, modulo 2^32 */
static uint32_t inverse;

static void draw(Number to) {
  for (int i = 0; i < LIMBS; i++) {
    to[i] = next_random() << 8;
    to[i] ^= next_random();
  }
}

static int is_less(const Number a, const Number b) {
  int i = LIMBS - 1;
  while (i > 0 && a[i] == b[i]) i--;
  return a[i] < b[i];
}

static void take(Number from, const Number what) {
  uint64_t borrow = 0;
  for (int i = 0; i < LIMBS; i++) {
    uint64_t difference = (uint64_t)from[i] - what[i] - borrow;
    from[i] = (uint32_t)difference;
    borrow = difference >> 63;
  }
}

static void twice(Number a) {
  uint32_t carry = 0;
  for (int i = 0; i < LIMBS; i++) {
    uint32_t next = a[i] >> 31;
    a[i] = a[i] << 1 | carry;
    carry = next;
  }
  if (carry || !is_less(a, modulus)) take(a, modulus);
}

/** to = a * b / 2^512 modulo the modulus; `to` may be either. */
static NOINLINE void multiply(Number to, const Number a, const Number b) {
  uint32_t row[LIMBS + 2] = {0};
  for (int i = 0; i < LIMBS; i++) {
    uint64_t carry = 0;
    for (int j = 0; j < LIMBS; j++) {
      carry += (uint64_t)a[j] * b[i] + row[j];
      row[j] = (uint32_t)carry;
      carry >>= 32;
    }
    carry += row[LIMBS];
    row[LIMBS] = (uint32_t)carry;
    row[LIMBS + 1] = (uint32_t)(carry >> 32);
    uint32_t factor = row[0] * inverse;
    carry = ((uint64_t)modulus[0] * factor + row[0]) >> 32;
    for (int j = 1; j < LIMBS; j++) {
      carry += (uint64_t)modulus[j] * factor + row[j];
      row[j - 1] = (uint32_t)carry;
      carry >>= 32;
    }
    carry += row[LIMBS];
    row[LIMBS - 1] = (uint32_t)carry;
    row[LIMBS] = row[LIMBS + 1] + (uint32_t)(carry >> 32);
  }
  memcpy(to, row, sizeof(Number));
  if (row[LIMBS] || !is_less(to, modulus)) take(to, modulus);
}

static void set_modulus(void) {
  draw(modulus);
  modulus[0] |= 1;
  modulus[LIMBS - 1] |= 1u << 31;
  uint32_t odd = modulus[0];
  for (int i = 0; i < 5; i++) odd *= 2 - modulus[0] * odd;
  inverse = -odd;
}

static NOINLINE void power(Number to, const Number base, const Number exponent) {
  Number powers[1 << WINDOW] = {{0}}, one = {1};
  // 2^512 is what 1 is in this form; the modulus is more than half of it.
  take(powers[0], modulus);
  memcpy(powers[1], base, sizeof(Number));
  for (int i = 0; i < 32 * LIMBS; i++) twice(powers[1]);
  for (int i = 2; i < 1 << WINDOW; i++) multiply(powers[i], powers[i - 1], powers[1]);
  memcpy(to, powers[0], sizeof(Number));
  for (int bit = 32 * LIMBS - WINDOW; bit >= 0; bit -= WINDOW) {
    for (int i = 0; i < WINDOW; i++) multiply(to, to, to);
    multiply(to, to, powers[exponent[bit / 32] >> bit % 32 & ((1 << WINDOW) - 1)]);
  }
  multiply(to, to, one);
}

uint32_t run(int n) {
  Number base, exponent, result;
  uint32_t sum = 0;
  seed = 161;
  for (int round = 0; round < n; round++) {
    set_modulus();
    draw(base);
    draw(exponent);
    if (!is_less(base, modulus)) take(base, modulus);
    power(result, base, exponent);
    for (int i = 0; i < LIMBS; i++) sum = mix(sum, result[i]);
  }
  return sum;
}
