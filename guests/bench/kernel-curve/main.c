// Agrees on secrets as TLS does, by X25519: a ladder of additions and doublings of points, numbers
// modulo 2^255 - 19 in ten signed limbs, products of 64 bits, swaps without branches.
#include "kernel.h"

#define LIMBS 10

/** Limbs of 26 and 25 bits in turn. */
typedef int64_t Number[LIMBS];

static inline int bits_in(int limb) {
  return limb % 2 == 0 ? 26 : 25;
}

/** Makes every limb as small as it should be; what is above the last counts 19 times below. */
static NOINLINE void carry(Number to) {
  for (int pass = 0; pass < 2; pass++) {
    for (int i = 0; i < LIMBS; i++) {
      int bits = bits_in(i);
      int64_t over = (to[i] + ((int64_t)1 << (bits - 1))) >> bits;
      to[i] -= over * ((int64_t)1 << bits);
      if (i + 1 < LIMBS) to[i + 1] += over;
      else to[0] += over * 19;
    }
  }
}

static inline void add(Number to, const Number a, const Number b) {
  for (int i = 0; i < LIMBS; i++) to[i] = a[i] + b[i];
}

static inline void subtract(Number to, const Number a, const Number b) {
  for (int i = 0; i < LIMBS; i++) to[i] = a[i] - b[i];
}

/** Two odd limbs' product lies one bit above the limb it is added to. */
static NOINLINE void multiply(Number to, const Number a, const Number b) {
  Number sums = {0}, folded;
  for (int i = 0; i < LIMBS; i++) folded[i] = b[i] * 19;
  for (int i = 0; i < LIMBS; i++) {
    int64_t even = a[i], odd = i % 2 == 0 ? a[i] : a[i] * 2;
    int j = 0;
    for (; i + j < LIMBS; j++) sums[i + j] += (j % 2 == 0 ? even : odd) * b[j];
    for (; j < LIMBS; j++) sums[i + j - LIMBS] += (j % 2 == 0 ? even : odd) * folded[j];
  }
  memcpy(to, sums, sizeof sums);
  carry(to);
}

static void multiply_small(Number to, const Number a, int64_t factor) {
  for (int i = 0; i < LIMBS; i++) to[i] = a[i] * factor;
  carry(to);
}

/** By Fermat: to the power of the prime less two, whose bits are all set but two. */
static void invert(Number to, const Number a) {
  Number power;
  memcpy(power, a, sizeof power);
  for (int bit = 253; bit >= 0; bit--) {
    multiply(power, power, power);
    if (bit != 2 && bit != 4) multiply(power, power, a);
  }
  memcpy(to, power, sizeof power);
}

static void swap_if(int64_t wanted, Number a, Number b) {
  for (int i = 0; i < LIMBS; i++) {
    int64_t difference = (a[i] ^ b[i]) & -wanted;
    a[i] ^= difference;
    b[i] ^= difference;
  }
}

static void unpack(Number to, const uint8_t *bytes) {
  uint64_t held = 0;
  int bits = 0, next = 0;
  for (int i = 0; i < LIMBS; i++) {
    for (; bits < bits_in(i) && next < 32; bits += 8) {
      uint8_t byte = next == 31 ? bytes[next] & 127 : bytes[next];
      held |= (uint64_t)byte << bits;
      next++;
    }
    to[i] = (int64_t)(held & ((1ull << bits_in(i)) - 1));
    held >>= bits_in(i);
    bits -= bits_in(i);
  }
}

/** Makes every limb positive. Answers what goes over the top. */
static int64_t carry_up(Number to) {
  int64_t over = 0;
  for (int i = 0; i < LIMBS; i++) {
    to[i] += over;
    over = to[i] >> bits_in(i);
    to[i] -= over * ((int64_t)1 << bits_in(i));
  }
  return over;
}

/** The one form there is: below the prime, no limb negative. */
static void pack(uint8_t *bytes, const Number a) {
  Number reduced;
  memcpy(reduced, a, sizeof reduced);
  for (int pass = 0; pass < 2; pass++) reduced[0] += carry_up(reduced) * 19;
  // It is below 2^255. With 19 more it goes over the top only if it is the prime or more.
  int64_t over = 19;
  for (int i = 0; i < LIMBS; i++) over = (reduced[i] + over) >> bits_in(i);
  reduced[0] += over * 19;
  carry_up(reduced);
  uint64_t held = 0;
  int bits = 0, limb = 0;
  for (int i = 0; i < 32; i++) {
    for (; bits < 8 && limb < LIMBS; limb++) {
      held |= (uint64_t)reduced[limb] << bits;
      bits += bits_in(limb);
    }
    bytes[i] = (uint8_t)held;
    held >>= 8;
    bits -= 8;
  }
}

/** One step of the ladder: doubles one point, adds the other, whose difference is known. */
static NOINLINE void step(Number x2, Number z2, Number x3, Number z3, const Number base) {
  Number sum, difference, cross, other, square;
  add(sum, x2, z2);
  subtract(difference, x2, z2);
  add(cross, x3, z3);
  subtract(other, x3, z3);
  multiply(cross, cross, difference);
  multiply(other, other, sum);
  add(x3, cross, other);
  multiply(x3, x3, x3);
  subtract(z3, cross, other);
  multiply(z3, z3, z3);
  multiply(z3, z3, base);
  multiply(sum, sum, sum);
  multiply(difference, difference, difference);
  multiply(x2, sum, difference);
  subtract(square, sum, difference);
  multiply_small(z2, square, 121665);
  add(z2, z2, sum);
  multiply(z2, z2, square);
}

static NOINLINE void agree(uint8_t *shared, const uint8_t *secret, const uint8_t *point) {
  uint8_t scalar[32];
  memcpy(scalar, secret, sizeof scalar);
  scalar[0] &= 248;
  scalar[31] = (scalar[31] & 127) | 64;
  Number base, x2 = {1}, z2 = {0}, x3, z3 = {1};
  unpack(base, point);
  memcpy(x3, base, sizeof x3);
  int64_t swapped = 0;
  for (int bit = 254; bit >= 0; bit--) {
    int64_t wanted = scalar[bit / 8] >> bit % 8 & 1;
    swap_if(swapped ^ wanted, x2, x3);
    swap_if(swapped ^ wanted, z2, z3);
    swapped = wanted;
    step(x2, z2, x3, z3, base);
  }
  swap_if(swapped, x2, x3);
  swap_if(swapped, z2, z3);
  invert(z2, z2);
  multiply(x2, x2, z2);
  pack(shared, x2);
}

uint32_t run(int n) {
  static const uint8_t BASE[32] = {9};
  uint8_t secret[32], point[32];
  uint32_t sum = 0;
  seed = 311;
  memcpy(point, BASE, sizeof point);
  for (int round = 0; round < n; round++) {
    for (int i = 0; i < 32; i++) secret[i] = (uint8_t)next_random();
    agree(point, secret, round % 4 == 0 ? BASE : point);
    for (int i = 0; i < 32; i++) sum = mix(sum, point[i]);
  }
  return sum;
}
