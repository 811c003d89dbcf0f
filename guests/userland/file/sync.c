// sync: named files are written out; there is no call for all of them, and none is needed.
#include <fcntl.h>
#include <unistd.h>

#include "lib/message.h"
#include "lib/options.h"

static const struct option NAMES[] = {
  {"data", no_argument, NULL, 'd'}, {"file-system", no_argument, NULL, 'f'}, {NULL, 0, NULL, 0},
};
static const struct options OPTIONS = {"[-df] [FILE]...", "df", NAMES, 0};

int sync_main(int argc, char **argv) {
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    if (option != 'd' && option != 'f') return options_status;
  }
  int status = 0;
  for (int index = optind; index < argc; index += 1) {
    int file = open(argv[index], O_RDONLY | O_CLOEXEC);
    if (file < 0 || fsync(file) != 0) {
      message_errno("error syncing '%s'", argv[index]);
      status = 1;
    }
    if (file >= 0) close(file);
  }
  return status;
}
