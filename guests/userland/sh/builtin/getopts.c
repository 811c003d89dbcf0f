// getopts: one option of the parameters at each call.
#include "sh/vars/getopts.h"

#include <stdio.h>
#include <string.h>

#include "sh/builtin/builtins.h"
#include "sh/builtin/number.h"
#include "sh/parse/parser.h"
#include "sh/shell.h"
#include "sh/vars/variable.h"

int getopts_place;

struct scan {
  const char *options;
  char **args;
  int count;
  long long index;  // OPTIND
  bool quiet;       // a colon in front: the script tells of errors
};

static bool set_option(const char *variable, char option) {
  char text[2] = {option, '\0'};
  return variable_set(variable, text);
}

// OPTIND starts the scan anew where a script sets it, so the place is put back behind.
static int finish(const struct scan *scan, int place, int status) {
  if (!variable_set_number("OPTIND", scan->index)) return 2;
  getopts_place = place;
  return status;
}

static void complain(const struct scan *scan, const char *what, char option) {
  if (!scan->quiet) fprintf(stderr, "%s: %s -%c\n", shell.name, what, option);
}

static int at_end(struct scan *scan, const char *variable) {
  if (scan->index <= scan->count && strcmp(scan->args[scan->index - 1], "--") == 0) scan->index += 1;
  variable_unset("OPTARG");
  set_option(variable, '?');
  return finish(scan, 0, 1);
}

static int unknown(struct scan *scan, const char *variable, char option, int place) {
  complain(scan, "Illegal option", option);
  if (scan->quiet) set_option("OPTARG", option);
  else variable_unset("OPTARG");
  set_option(variable, '?');
  return finish(scan, place, 0);
}

// The option wants an argument: the rest of the word, or the next.
static int with_argument(struct scan *scan, const char *variable, char option, const char *rest) {
  scan->index += 1;
  if (*rest != '\0') {
    variable_set("OPTARG", rest);
  } else if (scan->index <= scan->count) {
    variable_set("OPTARG", scan->args[scan->index - 1]);
    scan->index += 1;
  } else {
    complain(scan, "No arg for", option);
    if (scan->quiet) set_option("OPTARG", option);
    else variable_unset("OPTARG");
    set_option(variable, scan->quiet ? ':' : '?');
    return finish(scan, 0, 0);
  }
  set_option(variable, option);
  return finish(scan, 0, 0);
}

static int next_option(struct scan *scan, const char *variable) {
  const char *arg = scan->index >= 1 && scan->index <= scan->count ? scan->args[scan->index - 1] : NULL;
  int place = getopts_place;
  if (arg == NULL || (place == 0 && (*arg != '-' || arg[1] == '\0' || strcmp(arg, "--") == 0))) {
    return at_end(scan, variable);
  }
  if (place == 0) place = 1;
  if ((size_t)place >= strlen(arg)) return at_end(scan, variable);
  char option = arg[place];
  const char *found = option == ':' ? NULL : strchr(scan->options, option);
  place += 1;
  if (found != NULL && found[1] == ':') return with_argument(scan, variable, option, arg + place);
  if (arg[place] == '\0') {
    scan->index += 1;
    place = 0;
  }
  if (found == NULL) return unknown(scan, variable, option, place);
  variable_unset("OPTARG");
  set_option(variable, option);
  return finish(scan, place, 0);
}

int getopts_main(int argc, char **argv) {
  if (argc < 3 || !is_name(argv[2])) {
    shell_error("getopts: usage: getopts optstring name [arg...]");
    return 2;
  }
  struct scan scan = {.options = argv[1], .args = shell.params, .count = shell.param_count};
  const char *index = variable_value("OPTIND");
  if (argc > 3) {
    scan.args = argv + 3;
    scan.count = argc - 3;
  }
  if (index == NULL || !shell_number(index, &scan.index) || scan.index < 1) scan.index = 1;
  scan.quiet = *scan.options == ':';
  int status = next_option(&scan, argv[2]);
  return shell_stopped() ? shell.status : status;
}
