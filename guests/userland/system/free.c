#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "lib/number.h"
#include "lib/options.h"
#include "lib/process-list.h"
#include "lib/transfer.h"

static const struct option NAMES[] = {
  {"bytes", no_argument, NULL, 'b'}, {"kibi", no_argument, NULL, 'k'}, {"mebi", no_argument, NULL, 'm'},
  {"gibi", no_argument, NULL, 'g'}, {"human", no_argument, NULL, 'h'}, {"total", no_argument, NULL, 't'}, {NULL, 0, NULL, 0},
};
static const struct options OPTIONS = {"[-bkmght]", "bkmght", NAMES, 1};

static uint64_t unit = 1024;
static bool human;

static void print_human(uint64_t bytes) {
  static const char *const UNITS[] = {"B", "Ki", "Mi", "Gi", "Ti", "Pi"};
  double value = (double)bytes;
  int power = 0;
  while (value >= 1000 && power < 5) value /= 1024, power += 1;
  char text[HUMAN_ROOM];
  if (power == 0 || value >= 10) snprintf(text, sizeof text, "%.0f%s", floor(value), UNITS[power]);
  else snprintf(text, sizeof text, "%.1f%s", floor(value * 10) / 10, UNITS[power]);
  printf(" %11s", text);
}

static void print_row(const char *name, const uint64_t *values, int count) {
  printf("%-8s", name);
  for (int index = 0; index < count; index += 1) {
    if (human) print_human(values[index]);
    else printf(" %11llu", (unsigned long long)(values[index] / unit));
  }
  putchar('\n');
}

static uint64_t less(uint64_t left, uint64_t right) { return left > right ? left - right : 0; }

int free_main(int argc, char **argv) {
  bool total = false;
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    switch (option) {
      case 'b': unit = 1; break;
      case 'k': unit = 1024; break;
      case 'm': unit = 1024 * 1024; break;
      case 'g': unit = 1024 * 1024 * 1024; break;
      case 'h': human = true; break;
      case 't': total = true; break;
      default: return options_status;
    }
  }
  uint64_t all = read_memory("MemTotal"), unused = read_memory("MemFree"), available = read_memory("MemAvailable");
  uint64_t cached = read_memory("Buffers") + read_memory("Cached") + read_memory("SReclaimable");
  uint64_t swap = read_memory("SwapTotal"), swap_free = read_memory("SwapFree");
  uint64_t memory[] = {all, less(all, available), unused, read_memory("Shmem"), cached, available};
  uint64_t swaps[] = {swap, less(swap, swap_free), swap_free};
  uint64_t totals[] = {all + swap, memory[1] + swaps[1], unused + swap_free};
  puts("               total        used        free      shared  buff/cache   available");
  print_row("Mem:", memory, 6);
  print_row("Swap:", swaps, 3);
  if (total) print_row("Total:", totals, 3);
  return finish_output(0);
}
