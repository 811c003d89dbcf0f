// Takeuchi's function, then calls through a table of functions: direct recursion and call_indirect.
#include "kernel.h"

static NOINLINE int tak(int x, int y, int z) {
  return y < x ? tak(tak(x - 1, y, z), tak(y - 1, z, x), tak(z - 1, x, y)) : z;
}

static int triple(int x) {
  return (int)((uint32_t)x * 3 + 1);
}
static int flip(int x) {
  return x ^ 0x55;
}
static int halve(int x) {
  return x >> 1;
}
static int quintuple(int x) {
  return (int)((uint32_t)x * 5);
}

/** Volatile, so that the compiler does not know which functions stand in it. */
static int (*volatile functions[])(int) = {triple, flip, halve, quintuple};

uint32_t run(int n) {
  int value = tak(18, 12, 6);
  for (int i = 0; i < n * 20000; i++) value = functions[(i ^ value) & 3](value);
  return (uint32_t)value;
}
