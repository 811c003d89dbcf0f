#include <stdbool.h>
#include <stdio.h>
#include <time.h>

#include "lib/load-line.h"
#include "lib/options.h"
#include "lib/process-list.h"
#include "lib/transfer.h"

static const struct option NAMES[] = {{"pretty", no_argument, NULL, 'p'}, {"since", no_argument, NULL, 's'}, {NULL, 0, NULL, 0}};
static const struct options OPTIONS = {"[-ps]", "ps", NAMES, 1};

static void print_since(void) {
  time_t start = time(NULL) - (time_t)read_uptime();
  struct tm tm = {0};
  char text[32];
  localtime_r(&start, &tm);
  strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &tm);
  fputs(text, stdout);
}

int uptime_main(int argc, char **argv) {
  int what = 0, option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    if (option == OPTIONS_OVER) return options_status;
    what = option;
  }
  if (what == 'p') print_pretty_uptime();
  else if (what == 's') print_since();
  else print_load_line();
  putchar('\n');
  return finish_output(0);
}
