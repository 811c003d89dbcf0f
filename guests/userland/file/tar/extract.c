#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/memory.h"
#include "lib/mode.h"
#include "lib/owner-names.h"
#include "lib/path.h"
#include "lib/transfer.h"
#include "tar.h"

// What is done at the end: links that lead up or out, and what directories are to be when they are full.
struct delayed {
  char *path, *target;  // target: NULL for a directory
  struct member member;
  struct delayed *next;
};
static struct delayed *links, *directories;

static void delay(struct delayed **list, const char *path, const char *target, const struct member *member) {
  struct delayed *entry = must_alloc(sizeof *entry);
  *entry = (struct delayed){must_copy(path), target == NULL ? NULL : must_copy(target), *member, *list};
  entry->member.path = entry->member.target = NULL;
  *list = entry;
}

static uid_t owner_of(const struct member *member) {
  uid_t id;
  bool named = !tar_job.numeric && member->user[0] != '\0' && !(member->user[0] >= '0' && member->user[0] <= '9');
  return named && find_user(member->user, &id) ? id : member->uid;
}

static gid_t group_of(const struct member *member) {
  gid_t id;
  bool named = !tar_job.numeric && member->group[0] != '\0' && !(member->group[0] >= '0' && member->group[0] <= '9');
  return named && find_group(member->group, &id) ? id : member->gid;
}

static void set_attributes(const char *path, const struct member *member) {
  bool is_link = member->type == TYPE_SYMLINK;
  if (tar_job.same_owner && lchown(path, owner_of(member), group_of(member)) != 0) {
    tar_errno("%s: Cannot change ownership", path);
  }
  mode_t mode = tar_job.same_mode ? member->mode : member->mode & 0777 & ~current_umask();
  if (!is_link && chmod(path, mode) != 0) tar_errno("%s: Cannot change mode", path);
  if (tar_job.no_times) return;
  struct timespec times[2] = {{0, UTIME_NOW}, {(time_t)member->modified, 0}};
  if (utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW) != 0 && !is_link) tar_errno("%s: Cannot utime", path);
}

// Takes away what is in the way; a directory with something in it stays. False when it must be kept.
static bool make_room(const char *path) {
  struct stat info;
  if (lstat(path, &info) != 0) return true;
  if (tar_job.keep_old) {
    tar_error("%s: Cannot open: File exists", path);
    return false;
  }
  if ((S_ISDIR(info.st_mode) ? rmdir(path) : unlink(path)) == 0) return true;
  tar_errno("%s: Cannot unlink", path);
  return false;
}

// The member's data to a descriptor; below zero it is thrown away.
static bool copy_data(int to, const char *path, int64_t size) {
  char *bytes = must_alloc(TRANSFER_SIZE);
  bool good = true, written = to >= 0;
  for (int64_t left = size; good && left > 0;) {
    size_t part = left < TRANSFER_SIZE ? (size_t)left : TRANSFER_SIZE;
    good = read_tar_data(bytes, part);
    if (good && written && !write_all(to, bytes, part)) {
      tar_errno("%s: Cannot write", path);
      written = false;
    }
    left -= (int64_t)part;
  }
  free(bytes);
  return good && skip_tar_data((BLOCK - size % BLOCK) % BLOCK) && written;
}

static void extract_file(const struct member *member, const char *path) {
  // Nothing that is there is written into: not through a link, nor into another name of the file.
  int to = make_room(path) ? open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600) : -2;
  if (to == -1) tar_errno("%s: Cannot open", path);
  copy_data(to, path, member->size);
  if (to < 0) return;
  if (close(to) != 0) tar_errno("%s: Cannot close", path);
  set_attributes(path, member);
}

static void extract_directory(const struct member *member, const char *path) {
  struct stat info;
  bool there = lstat(path, &info) == 0 && S_ISDIR(info.st_mode);
  if (!there) {
    if (!make_room(path)) return;
    if (mkdir(path, 0700) != 0) {
      tar_errno("%s: Cannot mkdir", path);
      return;
    }
  }
  delay(&directories, path, NULL, member);
}

static bool leads_up_or_out(const char *target) {
  if (*target == '/') return true;
  while (*target != '\0') {
    size_t length = strcspn(target, "/");
    if (length == 2 && target[0] == '.' && target[1] == '.') return true;
    target += length;
    while (*target == '/') target += 1;
  }
  return false;
}

static void make_symlink(const char *path, const char *target, const struct member *member) {
  if (symlink(target, path) == 0) set_attributes(path, member);
  else tar_errno("%s: Cannot create symlink to '%s'", path, target);
}

static void extract_symlink(const struct member *member, const char *path) {
  if (!make_room(path)) return;
  // Until the end nothing can be written through it: an empty file holds its place.
  if (!leads_up_or_out(member->target)) {
    make_symlink(path, member->target, member);
    return;
  }
  int place = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0);
  if (place < 0) {
    tar_errno("%s: Cannot create symlink to '%s'", path, member->target);
    return;
  }
  close(place);
  delay(&links, path, member->target, member);
}

static const struct delayed *find_link(const char *path) {
  for (const struct delayed *entry = links; entry != NULL; entry = entry->next) {
    if (strcmp(entry->path, path) == 0) return entry;
  }
  return NULL;
}

static void extract_link(const struct member *member, const char *path) {
  char *target = safe_member_name(member->target, "hard link targets", tar_job.strip);
  if (target == NULL) {
    if (tar_job.strip > 0) tar_error("%s: Cannot hard link to '%s'", path, member->target);
    return;
  }
  struct stat own, other;
  bool same = lstat(path, &own) == 0 && lstat(target, &other) == 0 && own.st_ino == other.st_ino && own.st_dev == other.st_dev;
  const struct delayed *link_place = find_link(target);
  if (same) {
    // It is what it should be.
  } else if (!make_way(target) || !make_room(path)) {
    free(target);
    return;
  } else if (link_place != NULL) {
    struct member symbolic = link_place->member;
    symbolic.target = link_place->target;
    extract_symlink(&symbolic, path);
  } else if (link(target, path) != 0) {
    tar_errno("%s: Cannot hard link to '%s'", path, target);
  }
  free(target);
}

static void extract_to(const struct member *member, const char *path) {
  switch (member->type) {
    case TYPE_LINK: extract_link(member, path); break;
    case TYPE_SYMLINK: extract_symlink(member, path); break;
    case TYPE_DIRECTORY: extract_directory(member, path); break;
    case TYPE_CHARACTER: case TYPE_BLOCK: case TYPE_FIFO:
      tar_error("%s: Cannot mknod: devices and named pipes are not supported", path);
      break;
    default: extract_file(member, path);
  }
}

static bool has_data(const struct member *member) { return member->type < TYPE_LINK || member->type > TYPE_FIFO; }

void extract_member(const struct member *member) {
  char *path = safe_member_name(member->path, "member names", tar_job.strip);
  bool here = path != NULL && strcmp(path, ".") != 0;
  if (here && tar_job.verbose) print_member(member);
  if (tar_job.to_output) {
    fflush(stdout);
    copy_data(here && has_data(member) ? STDOUT_FILENO : -1, "standard output", member->size);
  } else if (here && make_way(path)) {
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/') path[--length] = '\0';
    extract_to(member, path);
  } else if (has_data(member)) {
    copy_data(-1, "", member->size);
  }
  free(path);
}

void finish_extraction(void) {
  for (struct delayed *entry = links; entry != NULL; entry = entry->next) {
    struct stat info;
    // Only if it is still the file that held the place.
    bool ours = make_way(entry->path) && lstat(entry->path, &info) == 0 && S_ISREG(info.st_mode) && info.st_size == 0;
    if (!ours || unlink(entry->path) != 0) continue;
    entry->member.type = TYPE_SYMLINK;
    make_symlink(entry->path, entry->target, &entry->member);
  }
  for (struct delayed *entry = directories; entry != NULL; entry = entry->next) {
    struct stat info;
    if (lstat(entry->path, &info) == 0 && S_ISDIR(info.st_mode)) set_attributes(entry->path, &entry->member);
  }
}
