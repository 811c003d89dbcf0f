#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/device.h"
#include "lib/memory.h"
#include "lib/mode.h"
#include "lib/owner-names.h"
#include "lib/path.h"
#include "stat.h"

static char *number(uint64_t value) { return must_format("%llu", (unsigned long long)value); }

static char *time_text(struct timespec when) {
  struct tm tm = {0};
  char text[64], zone[16];
  if (localtime_r(&when.tv_sec, &tm) == NULL) return must_format("%lld", (long long)when.tv_sec);
  strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &tm);
  strftime(zone, sizeof zone, "%z", &tm);
  return must_format("%s.%09ld %s", text, (long)when.tv_nsec, zone);
}

static char *quoted_name(const struct subject *subject) {
  if (!S_ISLNK(subject->info.st_mode)) return must_format("'%s'", subject->path);
  char *target = read_link(subject->path);
  char *text = must_format("'%s' -> '%s'", subject->path, target == NULL ? "" : target);
  free(target);
  return text;
}

// The mount a path is on: the highest directory above it on the same device.
static char *mount_of(const struct subject *subject) {
  char *path = resolve_path(subject->path, MISSING_ANY);
  if (path == NULL) return must_copy("?");
  for (;;) {
    char *parent = directory_name(path);
    struct stat above;
    bool end = strcmp(path, "/") == 0 || stat(parent, &above) != 0 || above.st_dev != subject->info.st_dev;
    if (end) {
      free(parent);
      return path;
    }
    free(path);
    path = parent;
  }
}

static char *mode_words(mode_t mode) {
  char text[MODE_TEXT];
  mode_text(mode, text);
  return must_copy(text);
}

static char *name_or_unknown(const char *name) { return must_copy(name == NULL ? "UNKNOWN" : name); }

static char *time_field(const struct stat *info, char letter) {
  switch (letter) {
    case 'w': return must_copy("-");
    case 'W': return must_copy("0");
    case 'x': return time_text(info->st_atim);
    case 'X': return must_format("%lld", (long long)info->st_atim.tv_sec);
    case 'y': return time_text(info->st_mtim);
    case 'Y': return must_format("%lld", (long long)info->st_mtim.tv_sec);
    case 'z': return time_text(info->st_ctim);
    case 'Z': return must_format("%lld", (long long)info->st_ctim.tv_sec);
    default: return NULL;
  }
}

char *file_field(const struct subject *subject, char letter) {
  const struct stat *info = &subject->info;
  switch (letter) {
    case 'a': return must_format("%o", (unsigned)(info->st_mode & MODE_BITS));
    case 'A': return mode_words(info->st_mode);
    case 'b': return number((uint64_t)info->st_blocks);
    case 'B': return must_copy("512");
    case 'd': return number((uint64_t)info->st_dev);
    case 'D': return must_format("%llx", (unsigned long long)info->st_dev);
    case 'f': return must_format("%x", (unsigned)info->st_mode);
    case 'F': return must_copy(type_name(info->st_mode, info->st_size == 0));
    case 'g': return number(info->st_gid);
    case 'G': return name_or_unknown(group_name(info->st_gid));
    case 'h': return number((uint64_t)info->st_nlink);
    case 'i': return number((uint64_t)info->st_ino);
    case 'm': return mount_of(subject);
    case 'n': return must_copy(subject->path);
    case 'N': return quoted_name(subject);
    case 'o': return number((uint64_t)info->st_blksize);
    case 'r': return number((uint64_t)info->st_rdev);
    case 's': return must_format("%lld", (long long)info->st_size);
    case 't': return must_format("%x", device_major(info->st_rdev));
    case 'T': return must_format("%x", device_minor(info->st_rdev));
    case 'u': return number(info->st_uid);
    case 'U': return name_or_unknown(user_name(info->st_uid));
    default: return time_field(info, letter);
  }
}

char *file_system_field(const char *path, const struct statvfs *info, char letter) {
  switch (letter) {
    case 'a': return number(info->f_bavail);
    case 'b': return number(info->f_blocks);
    case 'c': return number(info->f_files);
    case 'd': return number(info->f_ffree);
    case 'f': return number(info->f_bfree);
    case 'i': return must_format("%llx", (unsigned long long)info->f_fsid);
    case 'l': return number(info->f_namemax);
    case 'n': return must_copy(path);
    case 's': return number(info->f_bsize);
    case 'S': return number(info->f_frsize);
    default: return NULL;
  }
}
