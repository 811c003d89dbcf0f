// The processes there are, from /proc.
#ifndef LIB_PROCESS_LIST_H
#define LIB_PROCESS_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct process {
  pid_t pid, parent, group, session, foreground;
  int terminal;            // its device number; 0 when there is none
  char state;
  char name[64];
  char *words;             // the command line with spaces between; the name in brackets when there is none
  uint32_t uid, gid;
  uint64_t ticks;          // CPU time
  uint64_t started;        // ticks after the boot
  int64_t nice, priority, threads;
  uint64_t size, resident; // bytes
};

struct process_list {
  struct process *processes;
  size_t count;
};

// Ordered by pid. False, with errno, when /proc cannot be read.
bool read_processes(struct process_list *list);
void free_processes(struct process_list *list);
// Clock ticks in a second.
int64_t ticks_per_second(void);
// Seconds since the boot.
double read_uptime(void);
// pts/0, console; ? when there is none.
const char *terminal_name(int terminal, char text[32]);
// A line of /proc/meminfo, in bytes; 0 when there is none.
uint64_t read_memory(const char *key);

#endif
