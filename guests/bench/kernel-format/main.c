// Prints a table of measurements with the C library's printf and reads it back: numbers of all
// kinds to text in columns, and text to numbers.
#include "kernel.h"
#include <stdio.h>

#define ROWS 60

typedef struct {
  char name[16];
  int32_t count;
  uint32_t flags;
  int64_t bytes;
  double mean, share;
} Row;

static Row rows[ROWS];
static char table[ROWS * 160];

static void make_rows(void) {
  static const char *const KINDS[] = {"disk", "net", "memory"};
  seed = 227;
  for (int i = 0; i < ROWS; i++) {
    Row *row = &rows[i];
    snprintf(row->name, sizeof row->name, "%s-%d", KINDS[i % 3], i);
    row->count = (int32_t)next_random() - (1 << 23);
    row->flags = next_random() & 0xffff;
    row->bytes = (int64_t)next_random() << (i % 24);
    row->mean = (double)next_random();
    row->mean /= 1 + next_random() % 1000;
    row->share = (double)next_random() / (1 << 24);
  }
}

static NOINLINE size_t print_table(void) {
  size_t length = 0, room = sizeof table;
  for (const Row *row = rows; row < rows + ROWS; row++) {
    int size = snprintf(table + length, room - length,
                        "%-12s|%9d|%#06x|%14lld|%12.4f|%10.3e|%6.2f%%|%g\n", row->name, row->count,
                        row->flags, (long long)row->bytes, row->mean, row->mean, row->share * 100,
                        row->share);
    if (size < 0 || (size_t)size >= room - length) break;
    length += (size_t)size;
  }
  return length;
}

/** What a column holds begins behind the bar before it. */
static const char *behind_bar(const char *at) {
  return strchr(at, '|') + 1;
}

/** Answers the next line, or null: this one is broken. */
static NOINLINE const char *read_row(const char *at, Row *row) {
  char *end;
  size_t length = strcspn(at, " |");
  if (length >= sizeof row->name) return 0;
  memcpy(row->name, at, length);
  row->name[length] = 0;
  row->count = (int32_t)strtol(at = behind_bar(at), &end, 10);
  if (*end != '|') return 0;
  row->flags = (uint32_t)strtoul(at = behind_bar(at), &end, 16);
  row->bytes = strtoll(at = behind_bar(at), &end, 10);
  row->mean = strtod(at = behind_bar(at), &end);
  double rough = strtod(at = behind_bar(at), &end);
  if (fabs(row->mean - rough) > 0.001 * row->mean + 0.001) return 0;
  at = behind_bar(behind_bar(at));
  row->share = strtod(at, &end);
  return *end == '\n' ? end + 1 : 0;
}

uint32_t run(int n) {
  uint32_t sum = 0;
  make_rows();
  for (int round = 0; round < n; round++) {
    size_t length = print_table();
    for (size_t i = 0; i < length; i += 2) sum = mix(sum, (uint8_t)table[i]);
    // What was lost in print is lost: the next table is of what was read.
    const char *at = table;
    for (Row *row = rows; row < rows + ROWS && at; row++) {
      at = read_row(at, row);
      sum = mix(sum, bits_of(row->mean) ^ bits_of(row->share));
      row->count += 1001;
      row->bytes = row->bytes * 3 % 1000000007;
      row->mean *= 1.0625;
      row->share = row->share * 0.75 + 0.125;
    }
    sum += at != 0;
  }
  return sum;
}
