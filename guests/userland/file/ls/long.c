// The long format: a line per file, in columns as wide as they need.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/device.h"
#include "lib/memory.h"
#include "lib/mode.h"
#include "lib/number.h"
#include "lib/owner-names.h"
#include "ls.h"

enum { INODE, BLOCKS, LINKS, OWNER, GROUP, SIZE, TIME, FIELDS };

struct line {
  char *fields[FIELDS];
};

static char *owner_text(const struct entry *entry, const struct look *look) {
  const char *name = look->numeric ? NULL : user_name(entry->info.st_uid);
  return name != NULL ? must_copy(name) : must_format("%llu", (unsigned long long)entry->info.st_uid);
}

static char *group_text(const struct entry *entry, const struct look *look) {
  const char *name = look->numeric ? NULL : group_name(entry->info.st_gid);
  return name != NULL ? must_copy(name) : must_format("%llu", (unsigned long long)entry->info.st_gid);
}

static char *bytes_text(uint64_t bytes, uint64_t unit, const struct look *look) {
  char text[HUMAN_ROOM];
  if (look->human) return must_copy(human_size(bytes, text));
  return must_format("%llu", (unsigned long long)((bytes + unit - 1) / unit));
}

// The numbers of devices stand below each other.
static int minor_width;

static void measure_minors(const struct entry *entries, size_t count) {
  minor_width = 0;
  for (size_t index = 0; index < count; index += 1) {
    const struct stat *info = &entries[index].info;
    if (!entries[index].known || !(S_ISCHR(info->st_mode) || S_ISBLK(info->st_mode))) continue;
    int width = snprintf(NULL, 0, "%u", device_minor(info->st_rdev));
    if (width > minor_width) minor_width = width;
  }
}

static char *size_text(const struct entry *entry, const struct look *look) {
  const struct stat *info = &entry->info;
  if (S_ISCHR(info->st_mode) || S_ISBLK(info->st_mode)) {
    return must_format("%u, %*u", device_major(info->st_rdev), minor_width, device_minor(info->st_rdev));
  }
  return bytes_text((uint64_t)info->st_size, 1, look);
}

// Files older than half a year, or from the future, show their year instead of the time.
static const char *format_of(time_t when, const struct look *look) {
  if (look->style == STYLE_LONG_ISO) return "%Y-%m-%d %H:%M";
  if (look->style == STYLE_FULL) return "%Y-%m-%d %H:%M:%S";
  time_t now = time(NULL);
  bool recent = when <= now && when > now - 31556952 / 2;
  return recent ? "%b %e %H:%M" : "%b %e  %Y";
}

static char *time_text(const struct entry *entry, const struct look *look) {
  struct timespec when = ls_time_of(entry, look);
  struct tm tm = {0};
  char text[64], zone[16];
  if (localtime_r(&when.tv_sec, &tm) == NULL) return must_format("%lld", (long long)when.tv_sec);
  strftime(text, sizeof text, format_of(when.tv_sec, look), &tm);
  if (look->style != STYLE_FULL) return must_copy(text);
  strftime(zone, sizeof zone, "%z", &tm);
  return must_format("%s.%09ld %s", text, (long)when.tv_nsec, zone);
}

static struct line line_of(const struct entry *entry, const struct look *look) {
  struct line line;
  if (!entry->known) {
    for (int field = 0; field < FIELDS; field += 1) line.fields[field] = must_copy("?");
    return line;
  }
  line.fields[INODE] = must_format("%llu", (unsigned long long)entry->info.st_ino);
  line.fields[BLOCKS] = bytes_text((uint64_t)entry->info.st_blocks * 512, 1024, look);
  line.fields[LINKS] = must_format("%llu", (unsigned long long)entry->info.st_nlink);
  line.fields[OWNER] = owner_text(entry, look);
  line.fields[GROUP] = group_text(entry, look);
  line.fields[SIZE] = size_text(entry, look);
  line.fields[TIME] = time_text(entry, look);
  return line;
}

static void print_link(const struct entry *entry, const struct look *look) {
  fputs(" -> ", stdout);
  print_ls_name(entry->target, look);
  char mark = entry->target_known ? ls_mark_of(entry->target_mode, look->mark) : '\0';
  if (mark != '\0') putchar(mark);
}

static void print_line(const struct entry *entry, const struct line *line, const int *widths, const struct look *look) {
  char mode[MODE_TEXT] = "??????????";
  if (entry->known) mode_text(entry->info.st_mode, mode);
  if (look->inode) printf("%*s ", widths[INODE], line->fields[INODE]);
  if (look->blocks) printf("%*s ", widths[BLOCKS], line->fields[BLOCKS]);
  printf("%s %*s ", mode, widths[LINKS], line->fields[LINKS]);
  int side = look->numeric ? 1 : -1;
  if (!look->no_owner) printf("%*s ", side * widths[OWNER], line->fields[OWNER]);
  if (!look->no_group) printf("%*s ", side * widths[GROUP], line->fields[GROUP]);
  printf("%*s %*s ", widths[SIZE], line->fields[SIZE], widths[TIME], line->fields[TIME]);
  print_ls_name(entry->name, look);
  if (entry->target != NULL) print_link(entry, look);
  else if (entry->known && ls_mark_of(entry->info.st_mode, look->mark) != '\0') putchar(ls_mark_of(entry->info.st_mode, look->mark));
  putchar('\n');
}

void print_ls_long(const struct entry *entries, size_t count, const struct look *look) {
  struct line *lines = must_alloc(count * sizeof *lines);
  int widths[FIELDS] = {0};
  measure_minors(entries, count);
  for (size_t index = 0; index < count; index += 1) {
    lines[index] = line_of(&entries[index], look);
    for (int field = 0; field < FIELDS; field += 1) {
      int width = (int)strlen(lines[index].fields[field]);
      if (width > widths[field]) widths[field] = width;
    }
  }
  for (size_t index = 0; index < count; index += 1) {
    print_line(&entries[index], &lines[index], widths, look);
    for (int field = 0; field < FIELDS; field += 1) free(lines[index].fields[field]);
  }
  free(lines);
}
