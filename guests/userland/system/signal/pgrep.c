// pgrep and pkill.
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/memory.h"
#include "lib/message.h"
#include "lib/number.h"
#include "lib/options.h"
#include "lib/signal-names.h"
#include "lib/transfer.h"
#include "match.h"

static const struct option NAMES[] = {
  {"full", no_argument, NULL, 'f'}, {"exact", no_argument, NULL, 'x'}, {"list-name", no_argument, NULL, 'l'},
  {"list-full", no_argument, NULL, 'a'}, {"newest", no_argument, NULL, 'n'}, {"oldest", no_argument, NULL, 'o'},
  {"count", no_argument, NULL, 'c'}, {"inverse", no_argument, NULL, 'v'}, {"ignore-case", no_argument, NULL, 'i'},
  {"delimiter", required_argument, NULL, 'd'}, {"euid", required_argument, NULL, 'u'}, {"uid", required_argument, NULL, 'U'},
  {"parent", required_argument, NULL, 'P'}, {"pgroup", required_argument, NULL, 'g'},
  {"signal", required_argument, NULL, 's'}, {"echo", no_argument, NULL, 'e'}, {NULL, 0, NULL, 0},
};
static const struct options PGREP = {
  "[-acfilnovx] [-d TEXT] [-u USER] [-P PID] [-g GROUP] [PATTERN]", "acd:fg:ilnoP:u:U:vx", NAMES, 2,
};
static const struct options PKILL = {"[-SIGNAL] [-cefinox] [-u USER] [-P PID] [-g GROUP] [PATTERN]", "cefg:inoP:s:u:U:vx", NAMES, 2};
enum { NONE_FOUND = 1, BAD_USE = 2, TROUBLE = 3 };

struct manner {
  bool kills, count, name, words, echo;
  const char *between;
  int signal;
  int flags;
};

static void add_list(struct name_list *list, const char *text) {
  while (*text != '\0') {
    size_t length = strcspn(text, ",");
    if (length > 0) add_name(list, must_copy_part(text, length));
    text += length + (text[length] == ',' ? 1 : 0);
  }
}

static bool set_option(int option, const char *argument, struct wish *wish, struct manner *manner) {
  switch (option) {
    case 'a': manner->words = true; break;
    case 'c': manner->count = true; break;
    case 'd': manner->between = argument; break;
    case 'e': manner->echo = true; break;
    case 'f': wish->full = true; break;
    case 'g': add_list(&wish->groups, argument); break;
    case 'i': manner->flags |= REG_ICASE; break;
    case 'l': manner->name = true; break;
    case 'n': wish->newest = true; break;
    case 'o': wish->oldest = true; break;
    case 'P': add_list(&wish->parents, argument); break;
    case 's': manner->signal = find_signal(argument); return manner->signal >= 0;
    case 'u': case 'U': add_list(&wish->users, argument); break;
    case 'v': wish->invert = true; break;
    case 'x': wish->exact = true; break;
    default: return false;
  }
  return true;
}

static bool act(const struct process *process, const struct manner *manner, bool first) {
  if (manner->kills) {
    if (kill(process->pid, manner->signal) != 0) {
      if (errno != ESRCH) message_errno("killing pid %d failed", (int)process->pid);
      return false;
    }
    if (manner->echo) printf("%s killed (pid %d)\n", process->name, (int)process->pid);
    return true;
  }
  if (manner->count) return true;
  if (!first) fputs(manner->between, stdout);
  printf("%d", (int)process->pid);
  if (manner->words) printf(" %s", process->words);
  else if (manner->name) printf(" %s", process->name);
  return true;
}

static int run(const struct wish *wish, const struct manner *manner) {
  struct process_list list;
  if (!read_processes(&list)) {
    message_errno("/proc");
    return TROUBLE;
  }
  bool *chosen = must_alloc(list.count * sizeof *chosen);
  size_t count = choose_processes(wish, &list, chosen), done = 0;
  for (size_t index = 0; index < list.count; index += 1) {
    if (chosen[index] && act(&list.processes[index], manner, done == 0)) done += 1;
  }
  if (manner->count) printf("%zu\n", count);
  else if (!manner->kills && done > 0) putchar('\n');
  free(chosen);
  free_processes(&list);
  return finish_output(done > 0 ? 0 : NONE_FOUND);
}

static int start(int argc, char **argv, const struct options *options, struct manner manner) {
  struct wish wish = {0};
  int option;
  while ((option = next_option(argc, argv, options)) != OPTIONS_END) {
    if (option == OPTIONS_OVER) return options_status;
    if (set_option(option, optarg, &wish, &manner)) continue;
    message("invalid argument '%s'", optarg == NULL ? "" : optarg);
    return BAD_USE;
  }
  if (argc - optind > 1) return usage_error(options, "only one pattern can be provided"), BAD_USE;
  bool listed = wish.users.count + wish.parents.count + wish.groups.count > 0;
  if (optind == argc && !listed) return usage_error(options, "no matching criteria specified"), BAD_USE;
  regex_t pattern;
  if (optind < argc) {
    if (regcomp(&pattern, argv[optind], REG_EXTENDED | manner.flags) != 0) {
      message("%s: bad pattern", argv[optind]);
      return BAD_USE;
    }
    wish.pattern = &pattern;
  }
  int status = run(&wish, &manner);
  if (wish.pattern != NULL) regfree(wish.pattern);
  return status;
}

int pgrep_main(int argc, char **argv) {
  return start(argc, argv, &PGREP, (struct manner){.between = "\n"});
}

int pkill_main(int argc, char **argv) {
  struct manner manner = {.kills = true, .between = "\n", .signal = SIGTERM};
  if (!take_signal_option(&argc, argv, &manner.signal)) return BAD_USE;
  return start(argc, argv, &PKILL, manner);
}
