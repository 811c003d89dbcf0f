#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "ls.h"

// qsort hands nothing on to its comparison.
static const struct look *current;

struct timespec ls_time_of(const struct entry *entry, const struct look *look) {
  if (look->time == TIME_ACCESSED) return entry->info.st_atim;
  return look->time == TIME_CHANGED ? entry->info.st_ctim : entry->info.st_mtim;
}

static int by_time(const struct entry *left, const struct entry *right) {
  struct timespec a = ls_time_of(left, current), b = ls_time_of(right, current);
  if (a.tv_sec != b.tv_sec) return a.tv_sec > b.tv_sec ? -1 : 1;
  return a.tv_nsec == b.tv_nsec ? 0 : a.tv_nsec > b.tv_nsec ? -1 : 1;
}

static int by_size(const struct entry *left, const struct entry *right) {
  if (left->info.st_size == right->info.st_size) return 0;
  return left->info.st_size > right->info.st_size ? -1 : 1;
}

static const char *extension_of(const char *name) {
  const char *dot = strrchr(name, '.');
  return dot == NULL ? "" : dot;
}

// Runs of digits count as numbers.
static int by_version(const char *left, const char *right) {
  while (*left != '\0' && *right != '\0') {
    if (isdigit((unsigned char)*left) && isdigit((unsigned char)*right)) {
      while (*left == '0' && isdigit((unsigned char)left[1])) left += 1;
      while (*right == '0' && isdigit((unsigned char)right[1])) right += 1;
      size_t a = strspn(left, "0123456789"), b = strspn(right, "0123456789");
      if (a != b) return a < b ? -1 : 1;
      int order = strncmp(left, right, a);
      if (order != 0) return order;
      left += a;
      right += b;
      continue;
    }
    if (*left != *right) return (unsigned char)*left < (unsigned char)*right ? -1 : 1;
    left += 1;
    right += 1;
  }
  return *left == *right ? 0 : *left == '\0' ? -1 : 1;
}

static int by_order(const struct entry *left, const struct entry *right) {
  switch (current->order) {
    case ORDER_TIME: return by_time(left, right);
    case ORDER_SIZE: return by_size(left, right);
    case ORDER_EXTENSION: return strcmp(extension_of(left->name), extension_of(right->name));
    case ORDER_VERSION: return by_version(left->name, right->name);
    default: return 0;
  }
}

static bool leads_to_directory(const struct entry *entry) {
  mode_t mode = S_ISLNK(entry->info.st_mode) ? entry->target_mode : entry->info.st_mode;
  return S_ISDIR(mode);
}

static int compare(const void *left, const void *right) {
  const struct entry *a = left, *b = right;
  if (current->group_directories && leads_to_directory(a) != leads_to_directory(b)) return leads_to_directory(a) ? -1 : 1;
  int order = by_order(a, b);
  if (order == 0) order = strcmp(a->name, b->name);
  return current->reverse ? -order : order;
}

void sort_ls_entries(struct entry *entries, size_t count, const struct look *look) {
  current = look;
  if (look->order != ORDER_NONE && count > 1) qsort(entries, count, sizeof *entries, compare);
}
