// Edit distance between words, one row of cells at a time: minimums of three, bytes, no floats.
#include "kernel.h"

#define WORDS 60
#define LONGEST 40

static char words[WORDS][LONGEST + 1];

static inline int smaller(int a, int b) {
  return a < b ? a : b;
}

static NOINLINE int distance(const char *left, const char *right) {
  int row[LONGEST + 1];
  int width = (int)strlen(right);
  for (int j = 0; j <= width; j++) row[j] = j;
  for (int i = 1; left[i - 1]; i++) {
    int diagonal = row[0];
    row[0] = i;
    for (int j = 1; j <= width; j++) {
      int above = row[j];
      int replaced = diagonal + (left[i - 1] != right[j - 1]);
      row[j] = smaller(replaced, smaller(above, row[j - 1]) + 1);
      diagonal = above;
    }
  }
  return row[width];
}

uint32_t run(int n) {
  uint32_t sum = 0;
  seed = 31;
  for (int i = 0; i < WORDS; i++) {
    int length = 5 + (int)(next_random() % (LONGEST - 5));
    for (int j = 0; j < length; j++) words[i][j] = (char)('a' + next_random() % 6);
    words[i][length] = 0;
  }
  for (int round = 0; round < n; round++) {
    words[round % WORDS][round % 5] = (char)('a' + round % 26);
    for (int i = 0; i < WORDS; i++) {
      for (int j = 0; j < i; j++) sum = mix(sum, (uint32_t)distance(words[i], words[j]));
    }
  }
  return sum;
}
