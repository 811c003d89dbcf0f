// env and printenv.
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/message.h"
#include "lib/options.h"
#include "lib/run-program.h"
#include "lib/transfer.h"

extern char **environ;

static const struct option ENV_NAMES[] = {
  {"ignore-environment", no_argument, NULL, 'i'}, {"null", no_argument, NULL, '0'}, {"unset", required_argument, NULL, 'u'},
  {"chdir", required_argument, NULL, 'C'}, {NULL, 0, NULL, 0},
};
static const struct options ENV = {"[-i0] [-u NAME] [-C DIRECTORY] [NAME=VALUE]... [COMMAND [WORD]...]", "+i0u:C:", ENV_NAMES, 125};
static const struct option PRINTENV_NAMES[] = {{"null", no_argument, NULL, '0'}, {NULL, 0, NULL, 0}};
static const struct options PRINTENV = {"[-0] [NAME]...", "+0", PRINTENV_NAMES, 2};

static void print_all(char end) {
  for (char **entry = environ; entry != NULL && *entry != NULL; entry += 1) {
    fputs(*entry, stdout);
    putchar(end);
  }
}

static void empty_environment(void) {
  static char *nothing[] = {NULL};
  environ = nothing;
}

static bool unset(const char *name) {
  if (*name != '\0' && strchr(name, '=') == NULL && unsetenv(name) == 0) return true;
  message("cannot unset '%s'", name);
  return false;
}

// NAME=VALUE. The name may be anything but empty.
static bool set(char *entry) {
  char *equals = strchr(entry, '=');
  *equals = '\0';
  bool good = setenv(entry, equals + 1, 1) == 0;
  *equals = '=';
  if (!good) message_errno("cannot set '%s'", entry);
  return good;
}

int env_main(int argc, char **argv) {
  bool empty = false;
  const char *directory = NULL;
  char end = '\n';
  int option;
  while ((option = next_option(argc, argv, &ENV)) != OPTIONS_END) {
    switch (option) {
      case 'i': empty = true; empty_environment(); break;
      case '0': end = '\0'; break;
      case 'C': directory = optarg; break;
      case 'u':
        if (!empty && !unset(optarg)) return 125;
        break;
      default: return options_status;
    }
  }
  if (optind < argc && strcmp(argv[optind], "-") == 0) {
    empty_environment();
    optind += 1;
  }
  for (; optind < argc && strchr(argv[optind], '=') != NULL; optind += 1) {
    if (!set(argv[optind])) return 125;
  }
  if (directory != NULL && chdir(directory) != 0) {
    message_errno("cannot change directory to '%s'", directory);
    return 125;
  }
  if (optind < argc) return become_program(argv + optind);
  print_all(end);
  return finish_output(0);
}

int printenv_main(int argc, char **argv) {
  char end = '\n';
  int option;
  while ((option = next_option(argc, argv, &PRINTENV)) != OPTIONS_END) {
    if (option != '0') return options_status;
    end = '\0';
  }
  if (optind == argc) print_all(end);
  int status = 0;
  for (int index = optind; index < argc; index += 1) {
    const char *value = getenv(argv[index]);
    if (value == NULL) status = 1;
    else printf("%s%c", value, end);
  }
  return finish_output(status);
}
