#include "ps.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "lib/memory.h"
#include "lib/message.h"
#include "lib/name-list.h"
#include "lib/number.h"
#include "lib/options.h"
#include "lib/owner-names.h"
#include "lib/transfer.h"

enum { NO_HEADERS = OPTION_NAMED, SORT, PPID, FOREST };

static const struct option NAMES[] = {
  {"format", required_argument, NULL, 'o'}, {"pid", required_argument, NULL, 'p'}, {"ppid", required_argument, NULL, PPID},
  {"user", required_argument, NULL, 'u'}, {"no-headers", no_argument, NULL, NO_HEADERS},
  {"no-heading", no_argument, NULL, NO_HEADERS}, {"sort", required_argument, NULL, SORT}, {"forest", no_argument, NULL, FOREST},
  {NULL, 0, NULL, 0},
};
static const struct options OPTIONS = {
  "[-Aefljw] [-o COLUMN,...] [-p PID,...] [-u USER,...] [-C NAME,...] [--sort KEY] | [auxfj]", "AadefljwHTo:p:u:U:C:t:g:q:", NAMES, 1,
};

static const char USUAL[] = "pid,tname=TTY,time,ucmd=CMD";
static const char FULL[] = "user=UID,pid,ppid,c,stime,tname=TTY,time,cmd";
static const char JOBS[] = "pid,pgid,sid,tname=TTY,time,ucmd=CMD";
static const char LONG[] = "s,uid,pid,ppid,c,pri,ni,vsz=SZ,tname=TTY,time,ucmd=CMD";
static const char BSD_USER[] = "user,pid,%cpu,%mem,vsz,rss,tname=TTY,stat,start_time,bsdtime,args";
static const char BSD_USUAL[] = "pid,tname=TTY,stat,bsdtime=TIME,args";
static const char BSD_JOBS[] = "ppid,pid,pgid,sid,tname=TTY,stat,uid,bsdtime=TIME,args";

// Which processes: all of them, or those that one of the lists names.
static bool all, own_terminal_only = true, without_terminal = true, titles = true;
static struct name_list pids, parents, users, names;
static struct chosen *chosen;
static size_t chosen_count;
static const char *sort_key;

static void add_column(const struct column *column, const char *title) {
  chosen = must_realloc(chosen, (chosen_count + 1) * sizeof *chosen);
  chosen[chosen_count] = (struct chosen){column, title == NULL ? NULL : must_copy(title)};
  chosen_count += 1;
}

// pid,comm=NAME: a title takes the rest of the text, but for our own lists, which have no commas in titles.
static bool add_columns(const char *text, bool own) {
  while (*text != '\0') {
    size_t length = strcspn(text, ", =");
    char *name = must_copy_part(text, length);
    const struct column *column = find_ps_column(name);
    if (column == NULL) message("unknown column '%s'", name);
    free(name);
    if (column == NULL) return false;
    text += length;
    if (*text == '=' && text[1] != ',' && !own) return add_column(column, text + 1), true;
    size_t title = *text == '=' ? strcspn(text + 1, ",") : 0;
    char *own_title = *text == '=' ? must_copy_part(text + 1, title) : NULL;
    add_column(column, own_title);
    free(own_title);
    if (*text == '=') text += title + 1;
    while (*text == ',' || *text == ' ') text += 1;
  }
  return true;
}

static void add_names(struct name_list *list, const char *text) {
  while (*text != '\0') {
    size_t length = strcspn(text, ", ");
    if (length > 0) add_name(list, must_copy_part(text, length));
    text += length;
    while (*text == ',' || *text == ' ') text += 1;
  }
}

static bool has_pid(const struct name_list *list, pid_t pid) {
  for (size_t index = 0; index < list->count; index += 1) if (strtol(list->names[index], NULL, 10) == pid) return true;
  return false;
}

static bool has_user(uint32_t uid) {
  for (size_t index = 0; index < users.count; index += 1) {
    uid_t id;
    if (find_user(users.names[index], &id) && id == uid) return true;
  }
  return false;
}

static bool has_name(const char *name) {
  for (size_t index = 0; index < names.count; index += 1) if (strcmp(names.names[index], name) == 0) return true;
  return false;
}

static int own_terminal;

static bool is_chosen(const struct process *process) {
  bool listed = pids.count + parents.count + users.count + names.count > 0;
  if (listed) return has_pid(&pids, process->pid) || has_pid(&parents, process->parent) || has_user(process->uid) || has_name(process->name);
  if (all) return true;
  bool own = process->uid == geteuid();
  if (own_terminal_only) return own && process->terminal == own_terminal;
  return without_terminal || process->terminal != 0;
}

static int compare_by_key(const void *left, const void *right) {
  const struct process *a = *(const struct process *const *)left, *b = *(const struct process *const *)right;
  bool down = *sort_key == '-';
  const char *key = sort_key + (*sort_key == '-' || *sort_key == '+' ? 1 : 0);
  const struct column *column = find_ps_column(key);
  char *a_text = column->text(a), *b_text = column->text(b);
  double a_number = strtod(a_text, NULL), b_number = strtod(b_text, NULL);
  int order = column->width < 0 ? strcmp(a_text, b_text) : a_number < b_number ? -1 : a_number > b_number ? 1 : 0;
  free(a_text);
  free(b_text);
  if (order == 0) order = a->pid < b->pid ? -1 : 1;
  return down ? -order : order;
}

static int print(void) {
  struct process_list list;
  if (!read_processes(&list)) {
    message_errno("/proc");
    return 1;
  }
  ps_moment = (struct moment){read_uptime(), read_memory("MemTotal")};
  for (size_t index = 0; index < list.count; index += 1) {
    if (list.processes[index].pid == getpid()) own_terminal = list.processes[index].terminal;
  }
  const struct process **found = must_alloc(list.count * sizeof *found);
  size_t count = 0;
  for (size_t index = 0; index < list.count; index += 1) {
    if (is_chosen(&list.processes[index])) found[count++] = &list.processes[index];
  }
  if (sort_key != NULL && count > 1) qsort(found, count, sizeof *found, compare_by_key);
  print_processes(found, count, chosen, chosen_count, titles);
  free(found);
  free_processes(&list);
  return finish_output(count > 0 ? 0 : 1);
}

static bool set_sort(const char *key) {
  const char *name = key + (*key == '-' || *key == '+' ? 1 : 0);
  sort_key = key;
  if (find_ps_column(name) != NULL) return true;
  message("unknown sort key '%s'", name);
  return false;
}

static const char *format;

static bool set_option(int option, const char *argument) {
  switch (option) {
    case 'A': case 'e': all = true; break;
    case 'a': case 'd': own_terminal_only = without_terminal = false; break;
    case 'f': format = FULL; break;
    case 'l': format = LONG; break;
    case 'j': format = JOBS; break;
    case 'w': case 'H': case 'T': case FOREST: case 't': case 'g': break;
    case 'o': return add_columns(argument, false);
    case 'p': case 'q': add_names(&pids, argument); break;
    case PPID: add_names(&parents, argument); break;
    case 'u': case 'U': add_names(&users, argument); break;
    case 'C': add_names(&names, argument); break;
    case NO_HEADERS: titles = false; break;
    case SORT: return set_sort(argument);
    default: return false;
  }
  return true;
}

// The letters of BSD, without a dash. `*next` is the word behind, for those that take one.
static bool set_bsd(const char *letters, char ***next) {
  bool a = false, x = false;
  format = BSD_USUAL;
  for (; *letters != '\0'; letters += 1) {
    switch (*letters) {
      case 'a': a = true; break;
      case 'x': x = true; break;
      case 'u': format = BSD_USER; break;
      case 'j': format = BSD_JOBS; break;
      case 'l': format = LONG; break;
      case 'w': case 'f': case 'e': case 'c': case 'h': if (*letters == 'h') titles = false; break;
      case 'o': case 'p': {
        const char *argument = letters[1] != '\0' ? letters + 1 : **next == NULL ? "" : *(*next)++;
        if (*letters == 'p') add_names(&pids, argument);
        else if (!add_columns(argument, false)) return false;
        if (letters[1] != '\0') letters += strlen(letters) - 1;
        break;
      }
      default:
        message("unsupported option '%c'", *letters);
        return false;
    }
  }
  all = a && x;
  if (a || x) own_terminal_only = false;
  if (a && !x) without_terminal = false;
  if (x && !a) add_name(&users, must_format("%u", (unsigned)geteuid()));
  return true;
}

static bool set_operands(char **words) {
  while (*words != NULL) {
    char *word = *words++;
    if (isdigit((unsigned char)*word)) add_names(&pids, word);
    else if (!set_bsd(word, &words)) return false;
  }
  return true;
}

int ps_main(int argc, char **argv) {
  format = USUAL;
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    if (option == OPTIONS_OVER) return options_status;
    if (!set_option(option, optarg)) return 1;
  }
  if (!set_operands(argv + optind)) return 1;
  if (chosen_count == 0) add_columns(format, true);
  return print();
}
