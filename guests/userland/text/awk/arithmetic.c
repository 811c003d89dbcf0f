#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "text/awk/machine.h"

// xorshift64*: at least 0, below 1.
static double next_random(struct machine *machine) {
  uint64_t state = machine->random;
  state ^= state >> 12;
  state ^= state << 25;
  state ^= state >> 27;
  machine->random = state;
  return (double)(state * 2685821657736338717ull >> 11) / 9007199254740992.0;
}

static void start_random(struct machine *machine, double seed) {
  machine->seed = seed;
  // Seeds that are near each other begin far from each other; none begins with 0.
  uint64_t state = (uint64_t)(int64_t)(isfinite(seed) && fabs(seed) < 9e18 ? seed : 0);
  state = (state + 0x9e3779b97f4a7c15ull) * 0xbf58476d1ce4e5b9ull;
  machine->random = (state ^ state >> 31) | 1;
}

static struct value seed_random(struct machine *machine, struct node *argument) {
  double before = machine->seed;
  start_random(machine, argument == NULL ? (double)time(NULL) : awk_evaluate_number(machine, argument));
  return value_number(before);
}

static uint64_t bits_of(double number) {
  return number >= 0 && number < 18446744073709551616.0 ? (uint64_t)number : 0;
}

static double combine(enum builtin builtin, double one, double other) {
  uint64_t first = bits_of(one);
  uint64_t second = bits_of(other);
  switch (builtin) {
    case B_AND: return (double)(first & second);
    case B_OR: return (double)(first | second);
    case B_XOR: return (double)(first ^ second);
    case B_LSHIFT: return second > 63 ? 0 : (double)(first << second);
    case B_RSHIFT: return second > 63 ? 0 : (double)(first >> second);
    default: return atan2(one, other);
  }
}

// Also hexadecimal and octal numbers.
static double number_of_text(struct machine *machine, struct node *argument) {
  struct text *text = awk_evaluate_text(machine, argument);
  bool whole;
  const char *digits = text->bytes;
  bool hexadecimal = digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X');
  bool octal = digits[0] == '0' && digits[1] >= '0' && digits[1] <= '7';
  double number = hexadecimal || octal ? (double)strtoull(digits, NULL, hexadecimal ? 16 : 8)
                                       : number_at_start(digits, text->length, &whole);
  text_drop(text);
  return number;
}

static double compute(enum builtin builtin, double number) {
  switch (builtin) {
    case B_COS: return cos(number);
    case B_EXP: return exp(number);
    case B_INT: return number < 0 ? ceil(number) : floor(number);
    case B_LOG: return log(number);
    case B_SIN: return sin(number);
    case B_COMPL: return (double)(~bits_of(number) & 0x1fffffffffffff);
    default: return sqrt(number);
  }
}

struct value builtin_number(struct machine *machine, struct node *node) {
  enum builtin builtin = (enum builtin)node->operator;
  struct node *arguments = node->first;
  if (machine->random == 0) start_random(machine, 0);
  switch (builtin) {
    case B_RAND: return value_number(next_random(machine));
    case B_SRAND: return seed_random(machine, arguments);
    case B_STRTONUM: return value_number(number_of_text(machine, arguments));
    default: break;
  }
  double one = awk_evaluate_number(machine, arguments);
  if (arguments->next == NULL) return value_number(compute(builtin, one));
  return value_number(combine(builtin, one, awk_evaluate_number(machine, arguments->next)));
}
