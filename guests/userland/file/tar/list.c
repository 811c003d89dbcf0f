#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/memory.h"
#include "lib/mode.h"
#include "tar.h"

static mode_t type_bits(char type) {
  switch (type) {
    case TYPE_SYMLINK: return S_IFLNK;
    case TYPE_CHARACTER: return S_IFCHR;
    case TYPE_BLOCK: return S_IFBLK;
    case TYPE_DIRECTORY: return S_IFDIR;
    case TYPE_FIFO: return S_IFIFO;
    default: return S_IFREG;
  }
}

static char *size_text(const struct member *member) {
  bool device = member->type == TYPE_CHARACTER || member->type == TYPE_BLOCK;
  return device ? must_format("%u,%u", member->major, member->minor) : must_format("%lld", (long long)member->size);
}

static char *owner_text(const struct member *member) {
  char *user = tar_job.numeric || member->user[0] == '\0' ? must_format("%u", member->uid) : must_copy(member->user);
  char *group = tar_job.numeric || member->group[0] == '\0' ? must_format("%u", member->gid) : must_copy(member->group);
  char *text = must_format("%s/%s", user, group);
  free(user);
  free(group);
  return text;
}

// Names may hold what a terminal obeys.
static void print_escaped(FILE *to, const char *name) {
  static const char LETTERS[] = "abtnvfr";
  for (; *name != '\0'; name += 1) {
    unsigned char byte = (unsigned char)*name;
    if (byte >= 7 && byte <= 13) fprintf(to, "\\%c", LETTERS[byte - 7]);
    else if (byte == '\\') fputs("\\\\", to);
    else if (byte < 32 || byte >= 127) fprintf(to, "\\%03o", byte);
    else putc(byte, to);
  }
}

static void print_details(FILE *to, const struct member *member) {
  // As wide as the widest so far.
  static size_t width = 19;
  char mode[MODE_TEXT], when[32];
  mode_text(type_bits(member->type) | member->mode, mode);
  if (member->type == TYPE_LINK) mode[0] = 'h';
  time_t modified = (time_t)member->modified;
  struct tm tm = {0};
  localtime_r(&modified, &tm);
  strftime(when, sizeof when, "%Y-%m-%d %H:%M", &tm);
  char *owner = owner_text(member), *size = size_text(member);
  size_t needed = strlen(owner) + strlen(size) + 1;
  if (needed > width) width = needed;
  fprintf(to, "%s %s %*s %s ", mode, owner, (int)(width - strlen(owner) - 1), size, when);
  free(owner);
  free(size);
}

void print_member(const struct member *member) {
  bool archive_there = tar_job.action == ACTION_CREATE && (tar_job.archive == NULL || strcmp(tar_job.archive, "-") == 0);
  FILE *to = archive_there || tar_job.to_output ? stderr : stdout;
  bool details = tar_job.action == ACTION_LIST && tar_job.verbose;
  if (details) print_details(to, member);
  print_escaped(to, member->path);
  if (details && member->type == TYPE_SYMLINK) fputs(" -> ", to), print_escaped(to, member->target);
  if (details && member->type == TYPE_LINK) fputs(" link to ", to), print_escaped(to, member->target);
  putc('\n', to);
}
