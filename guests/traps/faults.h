// Ways to trap. A test looks for the line of each in this file by the words behind it.
#include <stdlib.h>
#include <string.h>

__attribute__((noinline)) static int divide(int by) {
  int seven = 7;
  return seven / by; // divide
}

__attribute__((noinline)) static int load(const volatile int *from) {
  return *from; // load
}

__attribute__((noinline)) static void give_up(void) {
  abort(); // give up
}

static int fault(int argc, char **argv) {
  if (argc < 2) return 2;
  if (strcmp(argv[1], "divide") == 0) return divide(argc - 2);
  if (strcmp(argv[1], "load") == 0) return load((const int *)(0u - 16u * (unsigned)argc));
  if (strcmp(argv[1], "give-up") == 0) give_up();
  return 2;
}
