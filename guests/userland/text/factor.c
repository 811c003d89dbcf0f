// factor: numbers as products of primes.
#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "lib/lines.h"
#include "lib/message.h"
#include "lib/options.h"
#include "lib/writer.h"

static const struct options OPTIONS = {"[NUMBER]...", "", NULL, 1};

static uint64_t multiply(uint64_t one, uint64_t other, uint64_t modulus) {
  return (uint64_t)((unsigned __int128)one * other % modulus);
}

static uint64_t power(uint64_t base, uint64_t exponent, uint64_t modulus) {
  uint64_t result = 1;
  for (base %= modulus; exponent > 0; exponent >>= 1) {
    if ((exponent & 1) != 0) result = multiply(result, base, modulus);
    base = multiply(base, base, modulus);
  }
  return result;
}

// Whether `base` shows that the odd `number` is no prime (Miller and Rabin).
static bool is_witness(uint64_t base, uint64_t number) {
  uint64_t odd = number - 1;
  int twos = 0;
  for (; (odd & 1) == 0; odd >>= 1) twos += 1;
  uint64_t value = power(base, odd, number);
  if (value == 1 || value == number - 1 || value == 0) return false;
  for (int step = 1; step < twos; step += 1) {
    value = multiply(value, value, number);
    if (value == number - 1) return false;
  }
  return true;
}

// These bases decide for all numbers of 64 bits.
static bool is_prime(uint64_t number) {
  static const uint64_t bases[] = {2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37};
  if (number < 2) return false;
  for (size_t index = 0; index < sizeof bases / sizeof *bases; index += 1) {
    if (number % bases[index] == 0) return number == bases[index];
  }
  for (size_t index = 0; index < sizeof bases / sizeof *bases; index += 1) {
    if (is_witness(bases[index], number)) return false;
  }
  return true;
}

static uint64_t common_divisor(uint64_t one, uint64_t other) {
  while (other != 0) {
    uint64_t rest = one % other;
    one = other;
    other = rest;
  }
  return one;
}

// Some divisor of a number that is no prime (Pollard's rho).
static uint64_t some_divisor(uint64_t number) {
  for (uint64_t constant = 1;; constant += 1) {
    uint64_t slow = 2;
    uint64_t fast = 2;
    uint64_t divisor = 1;
    while (divisor == 1) {
      slow = (multiply(slow, slow, number) + constant) % number;
      for (int step = 0; step < 2; step += 1) fast = (multiply(fast, fast, number) + constant) % number;
      divisor = common_divisor(slow > fast ? slow - fast : fast - slow, number);
    }
    if (divisor != number) return divisor;
  }
}

// At most 63 primes, in order.
struct primes {
  uint64_t list[64];
  int count;
};

static void add_prime(struct primes *primes, uint64_t prime) {
  int at = primes->count++;
  for (; at > 0 && primes->list[at - 1] > prime; at -= 1) primes->list[at] = primes->list[at - 1];
  primes->list[at] = prime;
}

static void add_factors(struct primes *primes, uint64_t number) {
  for (uint64_t small = 2; small < 1000 && small * small <= number; small += 1) {
    for (; number % small == 0; number /= small) add_prime(primes, small);
  }
  // Each round takes a prime out of what is left.
  while (number > 1) {
    uint64_t part = number;
    while (!is_prime(part)) part = some_divisor(part);
    for (; number % part == 0; number /= part) add_prime(primes, part);
  }
}

static bool factor(const char *text, size_t length) {
  uint64_t number = 0;
  const char *at = text + (length > 0 && *text == '+');
  bool good = at < text + length;
  for (; good && at < text + length; at += 1) {
    good = isdigit((unsigned char)*at) && !__builtin_mul_overflow(number, 10, &number) &&
           !__builtin_add_overflow(number, (uint64_t)(*at - '0'), &number);
  }
  if (!good) {
    message("'%.*s' is not a valid positive integer", (int)length, text);
    return false;
  }
  struct primes primes = {.count = 0};
  if (number > 1) add_factors(&primes, number);
  writer_format(&out, "%llu:", (unsigned long long)number);
  for (int index = 0; index < primes.count; index += 1) {
    writer_format(&out, " %llu", (unsigned long long)primes.list[index]);
  }
  writer_byte(&out, '\n');
  return true;
}

static bool factor_input(void) {
  struct lines input;
  struct line line;
  bool good = true;
  lines_from(&input, 0, "standard input", '\n');
  while (lines_next(&input, &line)) {
    const char *at = line.text;
    const char *end = at + line.length;
    while (at < end) {
      const char *start = at;
      while (at < end && !isspace((unsigned char)*at)) at += 1;
      if (at > start) good = factor(start, (size_t)(at - start)) && good;
      while (at < end && isspace((unsigned char)*at)) at += 1;
    }
  }
  return lines_close(&input) && good;
}

int factor_main(int argc, char **argv) {
  bool good = true;
  if (next_option(argc, argv, &OPTIONS) != OPTIONS_END) return options_status;
  if (optind >= argc) good = factor_input();
  for (; optind < argc; optind += 1) good = factor(argv[optind], strlen(argv[optind])) && good;
  return writer_finish(good ? 0 : 1);
}
