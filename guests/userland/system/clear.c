// clear and reset: what a terminal is told.
#include <stdio.h>

#include "lib/options.h"
#include "lib/transfer.h"

static const struct options OPTIONS = {"", "", NULL, 0};

int clear_main(int argc, char **argv) {
  if (next_option(argc, argv, &OPTIONS) != OPTIONS_END) return options_status;
  fputs("\033[H\033[2J\033[3J", stdout);
  return finish_output(0);
}

int reset_main(int argc, char **argv) {
  if (next_option(argc, argv, &OPTIONS) != OPTIONS_END) return options_status;
  // All settings back, characters as bytes say, the cursor shown.
  fputs("\033c\033(B\033[m\033[J\033[?25h", stdout);
  return finish_output(0);
}
