#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/copy-tree.h"
#include "lib/message.h"
#include "lib/options.h"
#include "lib/targets.h"
#include "lib/transfer.h"

enum { PRESERVE = OPTION_NAMED };

static const struct option NAMES[] = {
  {"archive", no_argument, NULL, 'a'}, {"recursive", no_argument, NULL, 'r'},
  {"force", no_argument, NULL, 'f'}, {"interactive", no_argument, NULL, 'i'},
  {"no-clobber", no_argument, NULL, 'n'}, {"update", no_argument, NULL, 'u'},
  {"dereference", no_argument, NULL, 'L'}, {"no-dereference", no_argument, NULL, 'P'},
  {"preserve", optional_argument, NULL, PRESERVE}, {"verbose", no_argument, NULL, 'v'},
  {"no-target-directory", no_argument, NULL, 'T'}, {"target-directory", required_argument, NULL, 't'},
  {NULL, 0, NULL, 0},
};
static const struct options OPTIONS = {
  "[-adfHiLnPprRTuv] SOURCE TARGET | SOURCE... DIRECTORY | -t DIRECTORY SOURCE...", "adfHiLnPprRTt:uv", NAMES, 0,
};

static struct copying how;

static bool place_copy(const char *from, const char *to) { return copy_path(from, to, &how, true); }

static bool set_links(int option, bool *chosen) {
  switch (option) {
    case 'a': case 'd': case 'P': how.links = LINKS_KEEP; break;
    case 'H': how.links = LINKS_FOLLOW_NAMED; break;
    case 'L': how.links = LINKS_FOLLOW; break;
    default: return false;
  }
  *chosen = true;
  if (option != 'a') return true;
  how.recursive = how.preserve = true;
  return true;
}

int cp_main(int argc, char **argv) {
  struct targets targets = {NULL, false};
  bool chosen = false;
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    if (set_links(option, &chosen)) continue;
    switch (option) {
      case 'r': case 'R': how.recursive = true; break;
      case 'p': case PRESERVE: how.preserve = true; break;
      case 'f': how.force = true; break;
      case 'i': how.interactive = true; how.no_clobber = false; break;
      case 'n': how.no_clobber = true; how.interactive = false; break;
      case 'u': how.update = true; break;
      case 'v': how.verbose = true; break;
      case 'T': targets.not_directory = true; break;
      case 't': targets.directory = optarg; break;
      default: return options_status;
    }
  }
  if (!chosen) how.links = how.recursive ? LINKS_KEEP : LINKS_FOLLOW;
  return finish_output(place_all(argv + optind, argc - optind, &targets, &OPTIONS, place_copy));
}
