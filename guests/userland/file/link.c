// link and unlink: the bare system calls.
#include <unistd.h>

#include "lib/message.h"
#include "lib/options.h"

static const struct options LINK = {"FILE1 FILE2", "", NULL, 0};
static const struct options UNLINK = {"FILE", "", NULL, 0};

int link_main(int argc, char **argv) {
  if (next_option(argc, argv, &LINK) != OPTIONS_END) return options_status;
  if (argc - optind < 2) return usage_error(&LINK, "missing operand");
  if (argc - optind > 2) return usage_error(&LINK, "extra operand");
  if (link(argv[optind], argv[optind + 1]) == 0) return 0;
  message_errno("cannot create link '%s' to '%s'", argv[optind + 1], argv[optind]);
  return 1;
}

int unlink_main(int argc, char **argv) {
  if (next_option(argc, argv, &UNLINK) != OPTIONS_END) return options_status;
  if (argc - optind < 1) return usage_error(&UNLINK, "missing operand");
  if (argc - optind > 1) return usage_error(&UNLINK, "extra operand");
  if (unlink(argv[optind]) == 0) return 0;
  message_errno("cannot unlink '%s'", argv[optind]);
  return 1;
}
