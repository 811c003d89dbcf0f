// What the bench kernels share. A kernel defines run(n): work that grows with n and answers a
// checksum of all of it, the same on every call. `run` is exported, so that a bench can time it from
// outside; main runs it once and prints the checksum, so that a kernel is an ordinary program too.
#pragma once
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef __wasm__
#define EXPORT __attribute__((export_name("run")))
#else
#define EXPORT
#endif
/** Keeps a call a call: some kernels are about calls. */
#define NOINLINE __attribute__((noinline))

EXPORT uint32_t run(int n);

static uint32_t seed = 12345;

/** Numbers below 2^24, the same everywhere. */
static inline uint32_t next_random(void) {
  seed = seed * 1664525u + 1013904223u;
  return seed >> 8;
}

static inline uint32_t mix(uint32_t sum, uint32_t value) {
  return sum * 31 + value;
}

static inline uint32_t bits_of(double value) {
  uint64_t bits;
  memcpy(&bits, &value, sizeof bits);
  return (uint32_t)(bits ^ (bits >> 32));
}

int main(int argc, char **argv) {
  uint32_t sum = run(argc > 1 ? atoi(argv[1]) : 1);
  char text[12];
  size_t at = sizeof text;
  text[--at] = '\n';
  do {
    text[--at] = (char)('0' + sum % 10);
    sum /= 10;
  } while (sum > 0);
  return write(1, text + at, sizeof text - at) < 0;
}
