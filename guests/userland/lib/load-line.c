#include "load-line.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "process-list.h"

static void print_loads(void) {
  double loads[3] = {0, 0, 0};
  FILE *file = fopen("/proc/loadavg", "re");
  if (file != NULL) {
    if (fscanf(file, "%lf %lf %lf", &loads[0], &loads[1], &loads[2]) != 3) memset(loads, 0, sizeof loads);
    fclose(file);
  }
  printf("load average: %.2f, %.2f, %.2f", loads[0], loads[1], loads[2]);
}

void print_load_line(void) {
  time_t now = time(NULL);
  struct tm tm = {0};
  char clock[16];
  localtime_r(&now, &tm);
  strftime(clock, sizeof clock, "%H:%M:%S", &tm);
  int64_t seconds = (int64_t)read_uptime();
  int days = (int)(seconds / 86400), hours = (int)(seconds / 3600 % 24), minutes = (int)(seconds / 60 % 60);
  printf(" %s up ", clock);
  if (days > 0) printf("%d day%s, ", days, days == 1 ? "" : "s");
  if (hours > 0) printf("%2d:%02d, ", hours, minutes);
  else printf("%d min, ", minutes);
  // There are no logins to count.
  fputs(" 0 user,  ", stdout);
  print_loads();
}

void print_pretty_uptime(void) {
  int64_t seconds = (int64_t)read_uptime();
  const struct { const char *name; int64_t value; } parts[] = {
    {"week", seconds / 604800}, {"day", seconds / 86400 % 7}, {"hour", seconds / 3600 % 24}, {"minute", seconds / 60 % 60},
  };
  fputs("up ", stdout);
  const char *between = "";
  for (size_t index = 0; index < sizeof parts / sizeof *parts; index += 1) {
    if (parts[index].value == 0 && !(index == 3 && *between == '\0')) continue;
    printf("%s%lld %s%s", between, (long long)parts[index].value, parts[index].name, parts[index].value == 1 ? "" : "s");
    between = ", ";
  }
}
