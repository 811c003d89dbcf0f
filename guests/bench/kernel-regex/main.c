// A small backtracking matcher and a table-driven automaton over text: recursion, bytes, branches.
#include "kernel.h"

#define LENGTH 25000
#define STATES 8

static char text[LENGTH + 1];
static uint8_t automaton[STATES][256];

static int match_here(const char *pattern, const char *at);

static int match_star(char repeated, const char *rest, const char *at) {
  do {
    if (match_here(rest, at)) return 1;
  } while (*at && (*at++ == repeated || repeated == '.'));
  return 0;
}

static int match_here(const char *pattern, const char *at) {
  if (!pattern[0]) return 1;
  if (pattern[1] == '*') return match_star(pattern[0], pattern + 2, at);
  if (pattern[0] == '$' && !pattern[1]) return !*at;
  if (*at && (pattern[0] == '.' || pattern[0] == *at)) return match_here(pattern + 1, at + 1);
  return 0;
}

static uint32_t scan(void) {
  uint32_t found = 0;
  uint8_t state = 0;
  for (int i = 0; i < LENGTH; i++) {
    state = automaton[state][(uint8_t)text[i]];
    if (state == 5) found++;
  }
  return found;
}

uint32_t run(int n) {
  uint32_t sum = 0;
  seed = 7;
  for (int i = 0; i < LENGTH; i++) text[i] = "abcdeabcab .xyz"[next_random() % 15];
  for (int state = 0; state < STATES; state++) {
    for (int c = 0; c < 256; c++) {
      int hit = c == "abcabx.z"[state];
      automaton[state][c] = (uint8_t)(hit ? (state + 1) % STATES : c == 'a');
    }
  }
  for (int round = 0; round < n; round++) {
    for (int i = 0; i < LENGTH; i++) {
      sum += (uint32_t)match_here("ab*c.e", text + i);
      sum += (uint32_t)match_here("xy*z", text + i) * 2;
      sum += (uint32_t)match_here("c*ab*.b", text + i);
    }
    sum += (uint32_t)match_here("a.*c$", text + LENGTH - 100);
    sum += scan();
  }
  return sum;
}
