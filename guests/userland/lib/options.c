#include "options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "memory.h"
#include "message.h"

int options_status = 2;

enum { HELP = 9999 };

static const struct option ONLY_HELP[] = {{"help", no_argument, NULL, HELP}, {NULL, 0, NULL, 0}};

static size_t count_names(const struct option *names) {
  size_t count = 0;
  if (names != NULL) while (names[count].name != NULL) count += 1;
  return count;
}

// The tool's long options and --help, made once for each table.
static const struct option *with_help(const struct option *names) {
  static const struct option *last;
  static struct option *made;
  if (names == NULL) return ONLY_HELP;
  if (names == last) return made;
  size_t count = count_names(names);
  free(made);
  made = must_alloc((count + 2) * sizeof *made);
  memcpy(made, names, count * sizeof *made);
  memcpy(made + count, ONLY_HELP, sizeof ONLY_HELP);
  last = names;
  return made;
}

static void print_usage(FILE *to, const struct options *options) {
  fprintf(to, "usage: %s %s\n", message_name, options->usage);
}

int next_option(int argc, char **argv, const struct options *options) {
  int option = getopt_long(argc, argv, options->letters, with_help(options->names), NULL);
  if (option == HELP) {
    print_usage(stdout, options);
    options_status = fflush(stdout) == 0 ? 0 : 1;
    return OPTIONS_OVER;
  }
  if (option == '?' || option == ':') {
    print_usage(stderr, options);
    options_status = options->bad == 0 ? 2 : options->bad;
    return OPTIONS_OVER;
  }
  return option;
}

int usage_error(const struct options *options, const char *what) {
  message("%s", what);
  print_usage(stderr, options);
  return options->bad == 0 ? 1 : options->bad;
}
