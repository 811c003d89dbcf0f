#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "lib/memory.h"
#include "lib/message.h"
#include "lib/mounts.h"
#include "lib/number.h"
#include "lib/options.h"
#include "lib/path.h"
#include "lib/transfer.h"

static const struct option NAMES[] = {
  {"all", no_argument, NULL, 'a'}, {"human-readable", no_argument, NULL, 'h'}, {"inodes", no_argument, NULL, 'i'},
  {"portability", no_argument, NULL, 'P'}, {"print-type", no_argument, NULL, 'T'}, {NULL, 0, NULL, 0},
};
static const struct options OPTIONS = {"[-ahikmPT] [FILE]...", "ahikmPT", NAMES, 0};

enum { SOURCE, TYPE, TOTAL, USED, FREE, PERCENT, TARGET, FIELDS };

struct row {
  char *fields[FIELDS];
};

static bool all, human, inodes, types, portable;
static uint64_t unit = 1024;
static struct row *rows;
static size_t row_count;

static char *amount(uint64_t count, uint64_t size) {
  char text[HUMAN_ROOM];
  if (inodes && !human) return must_format("%llu", (unsigned long long)count);
  if (human) return must_copy(human_size(count * size, text));
  return must_format("%llu", (unsigned long long)((count * size + unit - 1) / unit));
}

static char *percent(uint64_t used, uint64_t available) {
  uint64_t sum = used + available;
  if (sum == 0) return must_copy("-");
  return must_format("%u%%", (unsigned)(used / (double)sum * 100 + (used % sum == 0 ? 0 : 0.999999)));
}

static void add_row(struct row row) {
  rows = must_realloc(rows, (row_count + 1) * sizeof *rows);
  rows[row_count] = row;
  row_count += 1;
}

static void add_titles(void) {
  const char *size = human ? "Size" : unit == 1024 * 1024 ? "1M-blocks" : portable ? "1024-blocks" : "1K-blocks";
  struct row row = {{
    must_copy("Filesystem"), must_copy("Type"), must_copy(inodes ? "Inodes" : size),
    must_copy(inodes ? "IUsed" : "Used"), must_copy(inodes ? "IFree" : human ? "Avail" : "Available"),
    must_copy(inodes ? "IUse%" : portable ? "Capacity" : "Use%"), must_copy("Mounted on"),
  }};
  add_row(row);
}

static bool add_mount(const struct mount *mount, bool asked_for) {
  struct statvfs info;
  if (statvfs(mount->target, &info) != 0) {
    if (asked_for) message_errno("%s", mount->target);
    return !asked_for;
  }
  if (info.f_blocks == 0 && !asked_for && !all) return true;
  uint64_t size = inodes ? 1 : info.f_frsize != 0 ? info.f_frsize : info.f_bsize;
  uint64_t total = inodes ? info.f_files : info.f_blocks;
  uint64_t left = inodes ? info.f_ffree : info.f_bfree;
  uint64_t available = inodes ? info.f_ffree : info.f_bavail;
  uint64_t used = total > left ? total - left : 0;
  struct row row = {{
    must_copy(mount->source), must_copy(mount->type), amount(total, size), amount(used, size),
    amount(available, size), percent(used, available), must_copy(mount->target),
  }};
  add_row(row);
  return true;
}

// The mount a file is on: the one whose target is the longest beginning of its path.
static const struct mount *mount_of(const char *path, const struct mount *mounts, size_t count) {
  char *real = resolve_path(path, MISSING_NOTHING);
  if (real == NULL) return NULL;
  const struct mount *best = NULL;
  for (size_t index = 0; index < count; index += 1) {
    const char *target = mounts[index].target;
    size_t length = strcmp(target, "/") == 0 ? 0 : strlen(target);
    bool above = strncmp(real, target, length) == 0 && (real[length] == '/' || real[length] == '\0');
    // Of two on one place the later one is seen.
    if (above && (best == NULL || length + 1 >= strlen(best->target))) best = &mounts[index];
  }
  free(real);
  return best;
}

// A later mount on the same place hides this one.
static bool is_hidden(const struct mount *mounts, size_t count, size_t index) {
  for (size_t later = index + 1; later < count; later += 1) {
    if (strcmp(mounts[later].target, mounts[index].target) == 0) return true;
  }
  return false;
}

static void print_rows(void) {
  int widths[FIELDS] = {14, 4, 5, 5, 5, 4, 0};
  for (size_t index = 0; index < row_count; index += 1) {
    for (int field = 0; field < FIELDS; field += 1) {
      int width = (int)strlen(rows[index].fields[field]);
      if (width > widths[field]) widths[field] = width;
    }
  }
  for (size_t index = 0; index < row_count; index += 1) {
    char **fields = rows[index].fields;
    printf("%-*s ", widths[SOURCE], fields[SOURCE]);
    if (types) printf("%-*s ", widths[TYPE], fields[TYPE]);
    for (int field = TOTAL; field <= PERCENT; field += 1) printf("%*s ", widths[field], fields[field]);
    puts(fields[TARGET]);
    for (int field = 0; field < FIELDS; field += 1) free(fields[field]);
  }
  free(rows);
}

static int add_named(char **paths, const struct mount *mounts, size_t count) {
  int status = 0;
  for (; *paths != NULL; paths += 1) {
    struct stat info;
    const struct mount *mount = stat(*paths, &info) == 0 ? mount_of(*paths, mounts, count) : NULL;
    if (mount == NULL) message_errno("%s", *paths);
    if (mount == NULL || !add_mount(mount, true)) status = 1;
  }
  return status;
}

static int run(char **paths) {
  size_t count;
  struct mount *mounts = read_mounts(&count);
  if (mounts == NULL) {
    message_errno("cannot read table of mounted file systems");
    return 1;
  }
  add_titles();
  int status = 0;
  if (*paths != NULL) status = add_named(paths, mounts, count);
  else for (size_t index = 0; index < count; index += 1) {
    if (all || !is_hidden(mounts, count, index)) add_mount(&mounts[index], false);
  }
  free_mounts(mounts, count);
  if (row_count > 1) print_rows();
  return status;
}

int df_main(int argc, char **argv) {
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    switch (option) {
      case 'a': all = true; break;
      case 'h': human = true; break;
      case 'i': inodes = true; break;
      case 'k': unit = 1024; human = false; break;
      case 'm': unit = 1024 * 1024; human = false; break;
      case 'P': portable = true; break;
      case 'T': types = true; break;
      default: return options_status;
    }
  }
  return finish_output(run(argv + optind));
}
