#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/load-line.h"
#include "lib/memory.h"
#include "lib/owner-names.h"
#include "top.h"

struct row {
  const struct process *process;
  double share;  // of one CPU, in percent
};

static const char *line_end;
static int rows_left, line_width;
static bool bounded;

static void line(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void line(const char *format, ...) {
  if (bounded && rows_left <= 0) return;
  rows_left -= 1;
  char text[512];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  // The last line of a screen has no end: it would scroll.
  if (line_width > 0) printf("%.*s", line_width, text);
  else fputs(text, stdout);
  fputs(bounded && rows_left == 0 ? "\033[K" : line_end, stdout);
}

static void print_tasks(const struct process_list *list) {
  size_t running = 0, sleeping = 0, stopped = 0, zombies = 0;
  for (size_t index = 0; index < list->count; index += 1) {
    switch (list->processes[index].state) {
      case 'R': running += 1; break;
      case 'T': case 't': stopped += 1; break;
      case 'Z': zombies += 1; break;
      default: sleeping += 1;
    }
  }
  line("Tasks: %3zu total, %3zu running, %3zu sleeping, %3zu stopped, %3zu zombie", list->count, running, sleeping,
       stopped, zombies);
}

struct cpu_time {
  double user, nice, system, idle, all;
};

static struct cpu_time read_cpu(void) {
  struct cpu_time time = {0, 0, 0, 0, 0};
  FILE *file = fopen("/proc/stat", "re");
  if (file == NULL) return time;
  double other[4] = {0, 0, 0, 0};
  if (fscanf(file, "cpu %lf %lf %lf %lf %lf %lf %lf %lf", &time.user, &time.nice, &time.system, &time.idle, &other[0], &other[1],
             &other[2], &other[3]) >= 4) {
    time.all = time.user + time.nice + time.system + time.idle + other[0] + other[1] + other[2] + other[3];
  }
  fclose(file);
  return time;
}

static void print_cpu(void) {
  static struct cpu_time last;
  struct cpu_time now = read_cpu();
  double all = now.all - last.all;
  double part = all > 0 ? 100 / all : 0;
  line("%%Cpu(s): %4.1f us, %4.1f sy, %4.1f ni, %4.1f id", (now.user - last.user) * part, (now.system - last.system) * part,
       (now.nice - last.nice) * part, all > 0 ? (now.idle - last.idle) * part : 100.0);
  last = now;
}

static double mebibytes(uint64_t bytes) { return (double)bytes / (1024 * 1024); }

static void print_memory(void) {
  uint64_t all = read_memory("MemTotal"), unused = read_memory("MemFree"), available = read_memory("MemAvailable");
  uint64_t cached = read_memory("Buffers") + read_memory("Cached");
  uint64_t swap = read_memory("SwapTotal"), swap_free = read_memory("SwapFree");
  line("MiB Mem : %8.1f total, %8.1f free, %8.1f used, %8.1f buff/cache", mebibytes(all), mebibytes(unused),
       mebibytes(all > available ? all - available : 0), mebibytes(cached));
  line("MiB Swap: %8.1f total, %8.1f free, %8.1f used. %8.1f avail Mem", mebibytes(swap), mebibytes(swap_free),
       mebibytes(swap - swap_free), mebibytes(available));
}

static uint64_t ticks_before(const struct process *process, const struct look *before) {
  for (size_t index = 0; before != NULL && index < before->list.count; index += 1) {
    const struct process *old = &before->list.processes[index];
    if (old->pid == process->pid && old->started == process->started) return old->ticks;
  }
  return 0;
}

static double share_of(const struct process *process, const struct look *look, const struct look *before) {
  double ticks = (double)ticks_per_second();
  // Without a look before, what counts is its life so far.
  double span = before == NULL ? look->moment - (double)process->started / ticks : look->moment - before->moment;
  double used = (double)(process->ticks - ticks_before(process, before)) / ticks;
  return span > 0.01 ? used / span * 100 : 0;
}

static int by_share(const void *left, const void *right) {
  const struct row *a = left, *b = right;
  if (a->share != b->share) return a->share > b->share ? -1 : 1;
  return a->process->pid < b->process->pid ? -1 : 1;
}

static const char *kibibytes(uint64_t bytes, char text[16]) {
  uint64_t value = bytes / 1024;
  if (value < 1000000) snprintf(text, 16, "%llu", (unsigned long long)value);
  else if (value < 10240000) snprintf(text, 16, "%.1fm", (double)value / 1024);
  else snprintf(text, 16, "%.1fg", (double)value / 1024 / 1024);
  return text;
}

static void print_row(const struct row *row, uint64_t memory) {
  const struct process *process = row->process;
  char size[16], resident[16], user[16];
  const char *name = user_name(process->uid);
  if (name == NULL) snprintf(user, sizeof user, "%u", process->uid);
  else snprintf(user, sizeof user, "%s", name);
  double share = memory == 0 ? 0 : (double)process->resident / (double)memory * 100;
  int64_t hundredths = (int64_t)process->ticks * 100 / ticks_per_second();
  line("%7d %-8.8s %3lld %3lld %7s %6s %6d %c %5.1f %5.1f %4lld:%02lld.%02lld %s", (int)process->pid, user,
       (long long)process->priority, (long long)process->nice, kibibytes(process->size, size),
       kibibytes(process->resident, resident), 0, process->state, row->share, share, (long long)(hundredths / 6000),
       (long long)(hundredths / 100 % 60), (long long)(hundredths % 100), process->name);
}

void print_look(const struct look *look, const struct look *before, int rows, int columns, const char *end) {
  line_end = end;
  bounded = rows > 0;
  rows_left = rows;
  line_width = columns;
  fputs("top -", stdout);
  print_load_line();
  fputs(end, stdout);
  rows_left -= 1;
  print_tasks(&look->list);
  print_cpu();
  print_memory();
  line("%s", "");
  line("    PID USER      PR  NI    VIRT    RES    SHR S  %%CPU  %%MEM     TIME+ COMMAND");
  struct row *sorted = must_alloc(look->list.count * sizeof *sorted);
  for (size_t index = 0; index < look->list.count; index += 1) {
    const struct process *process = &look->list.processes[index];
    sorted[index] = (struct row){process, share_of(process, look, before)};
  }
  if (look->list.count > 1) qsort(sorted, look->list.count, sizeof *sorted, by_share);
  uint64_t memory = read_memory("MemTotal");
  for (size_t index = 0; index < look->list.count; index += 1) print_row(&sorted[index], memory);
  free(sorted);
}
