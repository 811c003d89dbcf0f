#include "match.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/message.h"
#include "lib/owner-names.h"
#include "lib/signal-names.h"

static bool has_pid(const struct name_list *list, pid_t pid) {
  if (list->count == 0) return true;
  for (size_t index = 0; index < list->count; index += 1) if (strtol(list->names[index], NULL, 10) == pid) return true;
  return false;
}

static bool has_user(const struct name_list *list, uint32_t uid) {
  if (list->count == 0) return true;
  for (size_t index = 0; index < list->count; index += 1) {
    uid_t id;
    if (find_user(list->names[index], &id) && id == uid) return true;
  }
  return false;
}

static bool matches_pattern(const struct wish *wish, const struct process *process) {
  if (wish->pattern == NULL) return true;
  const char *text = wish->full ? process->words : process->name;
  regmatch_t match;
  if (regexec(wish->pattern, text, 1, &match, 0) != 0) return false;
  return !wish->exact || (match.rm_so == 0 && text[match.rm_eo] == '\0');
}

static bool is_meant(const struct wish *wish, const struct process *process) {
  bool meant = has_user(&wish->users, process->uid) && has_pid(&wish->parents, process->parent) &&
               has_pid(&wish->groups, process->group) && matches_pattern(wish, process);
  return meant != wish->invert;
}

// Of those that began in one tick, the higher pid is newer.
static bool is_newer(const struct process *left, const struct process *right) {
  return left->started != right->started ? left->started > right->started : left->pid > right->pid;
}

static size_t keep_one(const struct wish *wish, const struct process_list *list, bool *chosen) {
  size_t best = list->count;
  for (size_t index = 0; index < list->count; index += 1) {
    if (!chosen[index]) continue;
    chosen[index] = false;
    bool better = best == list->count || is_newer(&list->processes[index], &list->processes[best]) == wish->newest;
    if (better) best = index;
  }
  if (best == list->count) return 0;
  chosen[best] = true;
  return 1;
}

size_t choose_processes(const struct wish *wish, const struct process_list *list, bool *chosen) {
  size_t count = 0;
  for (size_t index = 0; index < list->count; index += 1) {
    const struct process *process = &list->processes[index];
    chosen[index] = process->pid != getpid() && is_meant(wish, process);
    if (chosen[index]) count += 1;
  }
  return wish->newest || wish->oldest ? keep_one(wish, list, chosen) : count;
}

bool take_signal_option(int *argc, char **argv, int *number) {
  if (*argc < 2 || argv[1][0] != '-') return true;
  const char *text = argv[1] + 1;
  bool numeric = isdigit((unsigned char)*text) != 0;
  bool name = isupper((unsigned char)*text) && text[1] != '\0';
  if (!numeric && !name) return true;
  int found = find_signal(text);
  if (found < 0) {
    message("%s: unknown signal", text);
    return false;
  }
  *number = found;
  for (int index = 1; index < *argc; index += 1) argv[index] = argv[index + 1];
  *argc -= 1;
  return true;
}
