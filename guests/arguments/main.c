// Prints what it was told, an argument to a line.
#include <stdio.h>

int main(int argc, char **argv) {
  for (int at = 0; at < argc; at += 1) puts(argv[at]);
  return fflush(stdout) == 0 ? 0 : 1;
}
