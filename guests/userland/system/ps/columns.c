#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/memory.h"
#include "lib/owner-names.h"
#include "ps.h"

// Columns as wide as this, to the left, hold texts that are cut rather than push the others aside.
enum { TEXT_WIDTH = -15 };

struct moment ps_moment;

static char *number(int64_t value) { return must_format("%lld", (long long)value); }

static char *pid_text(const struct process *process) { return number(process->pid); }
static char *parent_text(const struct process *process) { return number(process->parent); }
static char *group_text(const struct process *process) { return number(process->group); }
static char *session_text(const struct process *process) { return number(process->session); }
static char *uid_text(const struct process *process) { return number(process->uid); }
static char *gid_text(const struct process *process) { return number(process->gid); }
static char *nice_text(const struct process *process) { return number(process->nice); }
static char *priority_text(const struct process *process) { return number(process->priority); }
static char *threads_text(const struct process *process) { return number(process->threads); }
static char *size_text(const struct process *process) { return number((int64_t)(process->size / 1024)); }
static char *resident_text(const struct process *process) { return number((int64_t)(process->resident / 1024)); }
static char *name_text(const struct process *process) { return must_copy(process->name); }
static char *words_text(const struct process *process) { return must_copy(process->words); }

static char *user_text(const struct process *process) {
  const char *name = user_name(process->uid);
  return name == NULL ? uid_text(process) : must_copy(name);
}

static char *user_group_text(const struct process *process) {
  const char *name = group_name(process->gid);
  return name == NULL ? gid_text(process) : must_copy(name);
}

static char *terminal_text(const struct process *process) {
  char text[32];
  return must_copy(terminal_name(process->terminal, text));
}

static char *state_text(const struct process *process) { return must_format("%c", process->state); }

static char *status_text(const struct process *process) {
  const char *nice = process->nice < 0 ? "<" : process->nice > 0 ? "N" : "";
  const char *leader = process->session == process->pid ? "s" : "";
  const char *threads = process->threads > 1 ? "l" : "";
  const char *front = process->foreground == process->group ? "+" : "";
  return must_format("%c%s%s%s%s", process->state, nice, leader, threads, front);
}

static int64_t cpu_seconds(const struct process *process) { return (int64_t)process->ticks / ticks_per_second(); }

static double age_of(const struct process *process) {
  double age = ps_moment.uptime - (double)process->started / (double)ticks_per_second();
  return age < 0 ? 0 : age;
}

static char *long_span(int64_t seconds, bool hours_always) {
  int64_t days = seconds / 86400;
  int hours = (int)(seconds / 3600 % 24), minutes = (int)(seconds / 60 % 60), rest = (int)(seconds % 60);
  if (days > 0) return must_format("%lld-%02d:%02d:%02d", (long long)days, hours, minutes, rest);
  return hours_always || hours > 0 ? must_format("%02d:%02d:%02d", hours, minutes, rest) : must_format("%02d:%02d", minutes, rest);
}

static char *time_text(const struct process *process) { return long_span(cpu_seconds(process), true); }
static char *elapsed_text(const struct process *process) { return long_span((int64_t)age_of(process), false); }
static char *elapsed_seconds_text(const struct process *process) { return number((int64_t)age_of(process)); }

static char *short_time_text(const struct process *process) {
  int64_t seconds = cpu_seconds(process);
  return must_format("%lld:%02d", (long long)(seconds / 60), (int)(seconds % 60));
}

static char *start_text(const struct process *process) {
  double age = age_of(process);
  time_t start = time(NULL) - (time_t)age;
  struct tm tm = {0};
  char text[16];
  localtime_r(&start, &tm);
  strftime(text, sizeof text, age < 86400 ? "%H:%M" : "%b%d", &tm);
  return must_copy(text);
}

static char *full_start_text(const struct process *process) {
  time_t start = time(NULL) - (time_t)age_of(process);
  struct tm tm = {0};
  char text[32];
  localtime_r(&start, &tm);
  strftime(text, sizeof text, "%a %b %e %H:%M:%S %Y", &tm);
  return must_copy(text);
}

static double cpu_share(const struct process *process) {
  double age = age_of(process);
  return age <= 0 ? 0 : (double)process->ticks / (double)ticks_per_second() / age * 100;
}

static char *cpu_text(const struct process *process) { return must_format("%.1f", cpu_share(process)); }
static char *whole_cpu_text(const struct process *process) { return number((int64_t)cpu_share(process)); }

static char *memory_text(const struct process *process) {
  return must_format("%.1f", ps_moment.memory == 0 ? 0 : (double)process->resident / (double)ps_moment.memory * 100);
}

const struct column ps_columns[] = {
  {"pid", "PID", 7, pid_text}, {"tgid", "TGID", 7, pid_text}, {"ppid", "PPID", 7, parent_text},
  {"pgid", "PGID", 7, group_text}, {"pgrp", "PGRP", 7, group_text}, {"sid", "SID", 7, session_text}, {"sess", "SESS", 7, session_text},
  {"user", "USER", -8, user_text}, {"euser", "EUSER", -8, user_text}, {"ruser", "RUSER", -8, user_text}, {"uname", "USER", -8, user_text},
  {"uid", "UID", 5, uid_text}, {"euid", "EUID", 5, uid_text}, {"ruid", "RUID", 5, uid_text},
  {"group", "GROUP", -8, user_group_text}, {"egroup", "EGROUP", -8, user_group_text}, {"rgroup", "RGROUP", -8, user_group_text},
  {"gid", "GID", 5, gid_text}, {"egid", "EGID", 5, gid_text}, {"rgid", "RGID", 5, gid_text},
  {"stat", "STAT", -4, status_text}, {"state", "S", -1, state_text}, {"s", "S", -1, state_text},
  {"time", "TIME", 8, time_text}, {"cputime", "TIME", 8, time_text}, {"bsdtime", "TIME", 6, short_time_text},
  {"etime", "ELAPSED", 11, elapsed_text}, {"etimes", "ELAPSED", 7, elapsed_seconds_text},
  {"comm", "COMMAND", -15, name_text}, {"ucmd", "CMD", -15, name_text}, {"ucomm", "COMMAND", -15, name_text},
  {"args", "COMMAND", -27, words_text}, {"cmd", "CMD", -27, words_text}, {"command", "COMMAND", -27, words_text},
  {"vsz", "VSZ", 6, size_text}, {"vsize", "VSZ", 6, size_text}, {"rss", "RSS", 5, resident_text}, {"rssize", "RSS", 5, resident_text},
  {"tty", "TT", -8, terminal_text}, {"tt", "TT", -8, terminal_text}, {"tname", "TTY", -8, terminal_text},
  {"ni", "NI", 3, nice_text}, {"nice", "NI", 3, nice_text}, {"pri", "PRI", 3, priority_text}, {"nlwp", "NLWP", 4, threads_text},
  {"start", "STARTED", 7, start_text}, {"start_time", "START", -5, start_text}, {"stime", "STIME", -5, start_text},
  {"lstart", "STARTED", 24, full_start_text},
  {"pcpu", "%CPU", 4, cpu_text}, {"%cpu", "%CPU", 4, cpu_text}, {"c", "C", 2, whole_cpu_text},
  {"pmem", "%MEM", 4, memory_text}, {"%mem", "%MEM", 4, memory_text},
  {NULL, NULL, 0, NULL},
};

const struct column *find_ps_column(const char *name) {
  for (const struct column *column = ps_columns; column->name != NULL; column += 1) {
    if (strcmp(column->name, name) == 0) return column;
  }
  return NULL;
}

// The last column is as long as it is.
static void print_cell(const char *text, int width, bool last) {
  if (last && width < 0) fputs(text, stdout);
  else if (width <= TEXT_WIDTH) printf("%-*.*s", -width, -width, text);
  else printf("%*s", width, text);
  putchar(last ? '\n' : ' ');
}

static int width_of(const struct chosen *chosen) {
  int title = (int)strlen(chosen->title == NULL ? chosen->column->title : chosen->title);
  int width = chosen->column->width;
  if (width < 0) return -width > title ? width : -title;
  return width > title ? width : title;
}

static bool has_titles(const struct chosen *chosen, size_t count) {
  for (size_t index = 0; index < count; index += 1) {
    if (chosen[index].title == NULL || chosen[index].title[0] != '\0') return true;
  }
  return false;
}

void print_processes(const struct process **processes, size_t count, const struct chosen *chosen, size_t chosen_count,
                     bool titles) {
  for (size_t index = 0; titles && has_titles(chosen, chosen_count) && index < chosen_count; index += 1) {
    const char *title = chosen[index].title == NULL ? chosen[index].column->title : chosen[index].title;
    print_cell(title, width_of(&chosen[index]), index + 1 == chosen_count);
  }
  for (size_t row = 0; row < count; row += 1) {
    for (size_t index = 0; index < chosen_count; index += 1) {
      char *text = chosen[index].column->text(processes[row]);
      print_cell(text, width_of(&chosen[index]), index + 1 == chosen_count);
      free(text);
    }
  }
}
