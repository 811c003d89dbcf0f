// uname, hostname, nproc and tty.
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "lib/message.h"
#include "lib/number.h"
#include "lib/options.h"
#include "lib/transfer.h"

enum { ALL = OPTION_NAMED, IGNORE };

static const struct option UNAME_NAMES[] = {
  {"all", no_argument, NULL, 'a'}, {"kernel-name", no_argument, NULL, 's'}, {"nodename", no_argument, NULL, 'n'},
  {"kernel-release", no_argument, NULL, 'r'}, {"kernel-version", no_argument, NULL, 'v'}, {"machine", no_argument, NULL, 'm'},
  {"processor", no_argument, NULL, 'p'}, {"hardware-platform", no_argument, NULL, 'i'},
  {"operating-system", no_argument, NULL, 'o'}, {NULL, 0, NULL, 0},
};
static const struct options UNAME = {"[-asnrvmpio]", "asnrvmpio", UNAME_NAMES, 1};
static const struct option HOSTNAME_NAMES[] = {
  {"short", no_argument, NULL, 's'}, {"fqdn", no_argument, NULL, 'f'}, {"long", no_argument, NULL, 'f'}, {NULL, 0, NULL, 0},
};
static const struct options HOSTNAME = {"[-sf]", "sf", HOSTNAME_NAMES, 1};
static const struct option NPROC_NAMES[] = {
  {"all", no_argument, NULL, ALL}, {"ignore", required_argument, NULL, IGNORE}, {NULL, 0, NULL, 0},
};
static const struct options NPROC = {"[--all] [--ignore=N]", "", NPROC_NAMES, 1};
static const struct option TTY_NAMES[] = {{"silent", no_argument, NULL, 's'}, {"quiet", no_argument, NULL, 's'}, {NULL, 0, NULL, 0}};
static const struct options TTY = {"[-s]", "s", TTY_NAMES, 2};

int uname_main(int argc, char **argv) {
  static const char ORDER[] = "snrvmpio";
  bool wanted[sizeof ORDER] = {false};
  bool all = false, any = false;
  int option;
  while ((option = next_option(argc, argv, &UNAME)) != OPTIONS_END) {
    if (option == OPTIONS_OVER) return options_status;
    if (option == 'a') all = true;
    else wanted[strchr(ORDER, option) - ORDER] = any = true;
  }
  if (optind < argc) return usage_error(&UNAME, "extra operand");
  struct utsname name;
  if (uname(&name) != 0) {
    message_errno("cannot get system name");
    return 1;
  }
  const char *words[] = {name.sysname, name.nodename, name.release, name.version, name.machine, "unknown", "unknown", "bulkhead"};
  if (!all && !any) wanted[0] = true;
  bool first = true;
  for (size_t index = 0; index < sizeof words / sizeof *words; index += 1) {
    // Of all, what is not known is left out.
    bool known = strcmp(words[index], "unknown") != 0;
    if (!(wanted[index] || (all && known))) continue;
    printf("%s%s", first ? "" : " ", words[index]);
    first = false;
  }
  putchar('\n');
  return finish_output(0);
}

int hostname_main(int argc, char **argv) {
  bool until_dot = false;
  int option;
  while ((option = next_option(argc, argv, &HOSTNAME)) != OPTIONS_END) {
    if (option == 's') until_dot = true;
    else if (option != 'f') return options_status;
  }
  if (optind < argc) {
    message("you must be root to change the host name");
    return 1;
  }
  char name[256];
  if (gethostname(name, sizeof name) != 0) {
    message_errno("cannot determine the host name");
    return 1;
  }
  name[sizeof name - 1] = '\0';
  if (until_dot) name[strcspn(name, ".")] = '\0';
  puts(name);
  return finish_output(0);
}

int nproc_main(int argc, char **argv) {
  int64_t ignored = 0;
  int option;
  while ((option = next_option(argc, argv, &NPROC)) != OPTIONS_END) {
    if (option == OPTIONS_OVER) return options_status;
    if (option == ALL || parse_number(optarg, INT32_MAX, &ignored)) continue;
    message("invalid number '%s'", optarg);
    return 1;
  }
  if (optind < argc) return usage_error(&NPROC, "extra operand");
  long count = sysconf(_SC_NPROCESSORS_ONLN);
  int64_t left = (count < 1 ? 1 : count) - ignored;
  printf("%lld\n", (long long)(left < 1 ? 1 : left));
  return finish_output(0);
}

int tty_main(int argc, char **argv) {
  bool silent = false;
  int option;
  while ((option = next_option(argc, argv, &TTY)) != OPTIONS_END) {
    if (option != 's') return options_status;
    silent = true;
  }
  if (optind < argc) return usage_error(&TTY, "extra operand"), 2;
  const char *name = isatty(STDIN_FILENO) == 1 ? ttyname(STDIN_FILENO) : NULL;
  if (!silent) puts(name == NULL ? "not a tty" : name);
  return finish_output(name == NULL ? 1 : 0);
}
