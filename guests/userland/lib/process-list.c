#include "process-list.h"

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "device.h"
#include "memory.h"
#include "number.h"
#include "transfer.h"

// More of a command line than this is not looked at.
enum { MOST_TEXT = 1 << 16, FIRST_FIELDS = 22 };

int64_t ticks_per_second(void) {
  long ticks = sysconf(_SC_CLK_TCK);
  return ticks > 0 ? ticks : 100;
}

// A small file of /proc; its end is marked. The length, or -1.
static ssize_t read_text(const char *path, char *text, size_t room) {
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return -1;
  ssize_t length = read_full(file, text, room - 1);
  close(file);
  if (length >= 0) text[length] = '\0';
  return length;
}

// What follows the name in parentheses, which may hold anything itself. Fields: proc(5), /proc/pid/stat.
static bool parse_stat(char *text, struct process *process) {
  char *open_mark = strchr(text, '('), *close_mark = strrchr(text, ')');
  if (open_mark == NULL || close_mark == NULL || close_mark < open_mark || close_mark[1] == '\0') return false;
  *close_mark = '\0';
  snprintf(process->name, sizeof process->name, "%s", open_mark + 1);
  int64_t fields[FIRST_FIELDS + 3] = {0};
  char *at = close_mark + 2;
  process->state = *at;
  if (*at != '\0') at += 1;
  for (int field = 4; field <= FIRST_FIELDS + 2; field += 1) fields[field] = strtoll(at, &at, 10);
  process->parent = (pid_t)fields[4];
  process->group = (pid_t)fields[5];
  process->session = (pid_t)fields[6];
  process->terminal = (int)fields[7];
  process->foreground = (pid_t)fields[8];
  process->ticks = (uint64_t)(fields[14] + fields[15]);
  process->priority = fields[18];
  process->nice = fields[19];
  process->threads = fields[20];
  process->started = (uint64_t)fields[22];
  process->size = (uint64_t)fields[23];
  process->resident = (uint64_t)fields[24] * (uint64_t)sysconf(_SC_PAGESIZE);
  return true;
}

// The second number of a line such as "Uid: 0 0 0 0": the effective one.
static uint32_t effective_id(const char *status, const char *key) {
  const char *line = strstr(status, key);
  if (line == NULL) return 0;
  char *end;
  strtoul(line + strlen(key), &end, 10);
  return (uint32_t)strtoul(end, NULL, 10);
}

static char *words_of(const char *path, const struct process *process, char *text) {
  ssize_t length = read_text(path, text, MOST_TEXT);
  while (length > 0 && text[length - 1] == '\0') length -= 1;
  if (length <= 0) return must_format("[%s]", process->name);
  for (ssize_t index = 0; index < length; index += 1) {
    if (iscntrl((unsigned char)text[index])) text[index] = text[index] == '\0' ? ' ' : '?';
  }
  return must_copy_part(text, (size_t)length);
}

// False when it has ended meanwhile.
static bool read_process(const char *pid, struct process *process, char *text) {
  char path[64];
  memset(process, 0, sizeof *process);
  process->pid = (pid_t)strtol(pid, NULL, 10);
  snprintf(path, sizeof path, "/proc/%s/stat", pid);
  if (read_text(path, text, MOST_TEXT) <= 0 || !parse_stat(text, process)) return false;
  snprintf(path, sizeof path, "/proc/%s/status", pid);
  if (read_text(path, text, MOST_TEXT) > 0) {
    process->uid = effective_id(text, "\nUid:");
    process->gid = effective_id(text, "\nGid:");
  }
  snprintf(path, sizeof path, "/proc/%s/cmdline", pid);
  process->words = words_of(path, process, text);
  return true;
}

static int by_pid(const void *left, const void *right) {
  pid_t a = ((const struct process *)left)->pid, b = ((const struct process *)right)->pid;
  return a < b ? -1 : a > b ? 1 : 0;
}

bool read_processes(struct process_list *list) {
  *list = (struct process_list){NULL, 0};
  DIR *directory = opendir("/proc");
  if (directory == NULL) return false;
  char *text = must_alloc(MOST_TEXT);
  size_t room = 0;
  struct dirent *entry;
  while ((entry = readdir(directory)) != NULL) {
    int64_t pid;
    if (!parse_number(entry->d_name, INT32_MAX, &pid)) continue;
    if (list->count == room) {
      room = room == 0 ? 32 : room * 2;
      list->processes = must_realloc(list->processes, room * sizeof *list->processes);
    }
    if (read_process(entry->d_name, &list->processes[list->count], text)) list->count += 1;
  }
  closedir(directory);
  free(text);
  if (list->count > 1) qsort(list->processes, list->count, sizeof *list->processes, by_pid);
  return true;
}

void free_processes(struct process_list *list) {
  for (size_t index = 0; index < list->count; index += 1) free(list->processes[index].words);
  free(list->processes);
  *list = (struct process_list){NULL, 0};
}

double read_uptime(void) {
  char text[128];
  return read_text("/proc/uptime", text, sizeof text) > 0 ? strtod(text, NULL) : 0;
}

const char *terminal_name(int terminal, char text[32]) {
  unsigned major = device_major((uint32_t)terminal), minor = device_minor((uint32_t)terminal);
  if (terminal == 0) snprintf(text, 32, "?");
  else if (major == 136) snprintf(text, 32, "pts/%u", minor);
  else if (major == 5 && minor == 1) snprintf(text, 32, "console");
  else if (major == 4 && minor < 64) snprintf(text, 32, "tty%u", minor);
  else if (major == 4) snprintf(text, 32, "ttyS%u", minor - 64);
  else snprintf(text, 32, "tty");
  return text;
}

uint64_t read_memory(const char *key) {
  char text[8192];
  if (read_text("/proc/meminfo", text, sizeof text) <= 0) return 0;
  size_t length = strlen(key);
  for (const char *line = text; *line != '\0';) {
    if (strncmp(line, key, length) == 0 && line[length] == ':') return strtoull(line + length + 1, NULL, 10) * 1024;
    line += strcspn(line, "\n");
    if (*line == '\n') line += 1;
  }
  return 0;
}
