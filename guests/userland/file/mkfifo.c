#include "lib/message.h"
#include "lib/options.h"

static const struct option NAMES[] = {{"mode", required_argument, NULL, 'm'}, {NULL, 0, NULL, 0}};
static const struct options OPTIONS = {"[-m MODE] NAME...", "m:", NAMES, 0};

int mkfifo_main(int argc, char **argv) {
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    if (option != 'm') return options_status;
  }
  if (optind == argc) return usage_error(&OPTIONS, "missing operand");
  for (int index = optind; index < argc; index += 1) {
    message("cannot create fifo '%s': named pipes are not supported", argv[index]);
  }
  return 1;
}
