// Fibonacci by double recursion: nothing but calls of a tiny function.
#include "kernel.h"

static NOINLINE int fib(int n) {
  return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

uint32_t run(int n) {
  return (uint32_t)fib(n);
}
