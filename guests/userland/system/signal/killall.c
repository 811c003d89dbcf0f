#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "lib/message.h"
#include "lib/options.h"
#include "lib/process-list.h"
#include "lib/signal-names.h"
#include "lib/transfer.h"
#include "match.h"

static const struct option NAMES[] = {
  {"ignore-case", no_argument, NULL, 'I'}, {"list", no_argument, NULL, 'l'}, {"quiet", no_argument, NULL, 'q'},
  {"signal", required_argument, NULL, 's'}, {"verbose", no_argument, NULL, 'v'}, {NULL, 0, NULL, 0},
};
static const struct options OPTIONS = {"[-SIGNAL] [-Ilqv] [-s SIGNAL] NAME...", "eIlqs:v", NAMES, 1};

static bool fold, quiet, verbose;
static int number = SIGTERM;

static int list_signals(void) {
  for (int index = 1; signal_name(index) != NULL; index += 1) printf("%s%s", index == 1 ? "" : " ", signal_name(index));
  putchar('\n');
  return finish_output(0);
}

// The name the process has, or the last part of the program it was called by.
static bool is_called(const struct process *process, const char *name) {
  int (*compare)(const char *, const char *) = fold ? strcasecmp : strcmp;
  if (compare(process->name, name) == 0) return true;
  size_t length = strcspn(process->words, " ");
  const char *start = process->words + length;
  while (start > process->words && start[-1] != '/') start -= 1;
  size_t own = (size_t)(process->words + length - start);
  return strlen(name) == own && (fold ? strncasecmp : strncmp)(start, name, own) == 0;
}

static bool kill_named(const struct process_list *list, const char *name) {
  bool found = false, good = false;
  for (size_t index = 0; index < list->count; index += 1) {
    const struct process *process = &list->processes[index];
    if (process->pid == getpid() || !is_called(process, name)) continue;
    found = true;
    if (kill(process->pid, number) == 0) {
      good = true;
      if (verbose) message("killed %s(%d) with signal %d", process->name, (int)process->pid, number);
    } else if (!quiet) {
      message_errno("%s(%d)", process->name, (int)process->pid);
    }
  }
  if (!found && !quiet) message("%s: no process found", name);
  return good;
}

int killall_main(int argc, char **argv) {
  if (!take_signal_option(&argc, argv, &number)) return 1;
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    switch (option) {
      case 'e': break;
      case 'I': fold = true; break;
      case 'l': return list_signals();
      case 'q': quiet = true; break;
      case 's':
        number = find_signal(optarg);
        if (number >= 0) break;
        message("%s: unknown signal", optarg);
        return 1;
      case 'v': verbose = true; break;
      default: return options_status;
    }
  }
  if (optind == argc) return usage_error(&OPTIONS, "missing operand");
  struct process_list list;
  if (!read_processes(&list)) {
    message_errno("/proc");
    return 1;
  }
  int status = 0;
  for (int index = optind; index < argc; index += 1) {
    if (!kill_named(&list, argv[index])) status = 1;
  }
  free_processes(&list);
  return finish_output(status);
}
