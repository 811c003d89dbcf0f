#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "lib/message.h"
#include "lib/options.h"
#include "lib/path.h"
#include "lib/transfer.h"

static const struct option READLINK_NAMES[] = {
  {"canonicalize", no_argument, NULL, 'f'}, {"canonicalize-existing", no_argument, NULL, 'e'},
  {"canonicalize-missing", no_argument, NULL, 'm'}, {"no-newline", no_argument, NULL, 'n'},
  {"zero", no_argument, NULL, 'z'}, {NULL, 0, NULL, 0},
};
static const struct options READLINK = {"[-femnzqsv] FILE...", "femnzqsv", READLINK_NAMES, 0};
static const struct option REALPATH_NAMES[] = {
  {"canonicalize-existing", no_argument, NULL, 'e'}, {"canonicalize-missing", no_argument, NULL, 'm'},
  {"quiet", no_argument, NULL, 'q'}, {"zero", no_argument, NULL, 'z'}, {NULL, 0, NULL, 0},
};
static const struct options REALPATH = {"[-emqz] FILE...", "emqz", REALPATH_NAMES, 0};

int readlink_main(int argc, char **argv) {
  bool resolve = false, loud = false, no_end = false;
  enum missing missing = MISSING_LAST;
  char end = '\n';
  int option;
  while ((option = next_option(argc, argv, &READLINK)) != OPTIONS_END) {
    switch (option) {
      case 'f': resolve = true; missing = MISSING_LAST; break;
      case 'e': resolve = true; missing = MISSING_NOTHING; break;
      case 'm': resolve = true; missing = MISSING_ANY; break;
      case 'n': no_end = true; break;
      case 'z': end = '\0'; break;
      case 'q': case 's': loud = false; break;
      case 'v': loud = true; break;
      default: return options_status;
    }
  }
  if (optind == argc) return usage_error(&READLINK, "missing operand");
  int status = 0;
  for (int index = optind; index < argc; index += 1) {
    char *text = resolve ? resolve_path(argv[index], missing) : read_link(argv[index]);
    if (text == NULL) {
      if (loud) message_errno("%s", argv[index]);
      status = 1;
      continue;
    }
    fputs(text, stdout);
    if (!no_end || argc - optind > 1) putchar(end);
    free(text);
  }
  return finish_output(status);
}

int realpath_main(int argc, char **argv) {
  bool quiet = false;
  enum missing missing = MISSING_LAST;
  char end = '\n';
  int option;
  while ((option = next_option(argc, argv, &REALPATH)) != OPTIONS_END) {
    switch (option) {
      case 'e': missing = MISSING_NOTHING; break;
      case 'm': missing = MISSING_ANY; break;
      case 'q': quiet = true; break;
      case 'z': end = '\0'; break;
      default: return options_status;
    }
  }
  if (optind == argc) return usage_error(&REALPATH, "missing operand");
  int status = 0;
  for (int index = optind; index < argc; index += 1) {
    char *text = resolve_path(argv[index], missing);
    if (text == NULL) {
      if (!quiet) message_errno("%s", argv[index]);
      status = 1;
    } else {
      printf("%s%c", text, end);
    }
    free(text);
  }
  return finish_output(status);
}
