#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/options.h"
#include "lib/path.h"
#include "lib/transfer.h"

static const struct option BASENAME_NAMES[] = {
  {"multiple", no_argument, NULL, 'a'}, {"suffix", required_argument, NULL, 's'},
  {"zero", no_argument, NULL, 'z'}, {NULL, 0, NULL, 0},
};
static const struct options BASENAME = {"NAME [SUFFIX] | [-az] [-s SUFFIX] NAME...", "+as:z", BASENAME_NAMES, 0};
static const struct option DIRNAME_NAMES[] = {{"zero", no_argument, NULL, 'z'}, {NULL, 0, NULL, 0}};
static const struct options DIRNAME = {"[-z] NAME...", "+z", DIRNAME_NAMES, 0};

static void print_base(const char *path, const char *suffix, char end) {
  char *name = base_name(path);
  size_t length = strlen(name);
  size_t cut = suffix == NULL ? 0 : strlen(suffix);
  if (cut > 0 && cut < length && strcmp(name + length - cut, suffix) == 0) name[length - cut] = '\0';
  printf("%s%c", name, end);
  free(name);
}

int basename_main(int argc, char **argv) {
  bool several = false;
  const char *suffix = NULL;
  char end = '\n';
  int option;
  while ((option = next_option(argc, argv, &BASENAME)) != OPTIONS_END) {
    switch (option) {
      case 'a': several = true; break;
      case 's': several = true; suffix = optarg; break;
      case 'z': end = '\0'; break;
      default: return options_status;
    }
  }
  if (optind == argc) return usage_error(&BASENAME, "missing operand");
  if (!several && argc - optind > 2) return usage_error(&BASENAME, "extra operand");
  if (!several) {
    print_base(argv[optind], argv[optind + 1], end);
    return finish_output(0);
  }
  for (int index = optind; index < argc; index += 1) print_base(argv[index], suffix, end);
  return finish_output(0);
}

int dirname_main(int argc, char **argv) {
  char end = '\n';
  int option;
  while ((option = next_option(argc, argv, &DIRNAME)) != OPTIONS_END) {
    if (option != 'z') return options_status;
    end = '\0';
  }
  if (optind == argc) return usage_error(&DIRNAME, "missing operand");
  for (int index = optind; index < argc; index += 1) {
    char *name = directory_name(argv[index]);
    printf("%s%c", name, end);
    free(name);
  }
  return finish_output(0);
}
