#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/copied-links.h"
#include "lib/device.h"
#include "lib/memory.h"
#include "lib/message.h"
#include "lib/mode.h"
#include "lib/owner-names.h"
#include "lib/path.h"
#include "lib/transfer.h"
#include "tar.h"

// Whether the archive can still be written.
static bool writable = true;

// The name in the archive: without the slashes in front, and what is up to the last dot-dot.
static char *name_in_archive(const char *path, const char *what) {
  const char *start = path;
  for (const char *at = path; *at != '\0' && !tar_job.absolute;) {
    size_t length = strcspn(at, "/");
    bool up = length == 2 && at[0] == '.' && at[1] == '.';
    at += length;
    while (*at == '/') at += 1;
    if (up) start = at;
  }
  while (*start == '/' && !tar_job.absolute) start += 1;
  if (start > path) {
    char *prefix = must_copy_part(path, (size_t)(start - path));
    tell_stripped(prefix, what);
    free(prefix);
  }
  return must_copy(*start == '\0' ? "." : start);
}

static void set_owner(struct member *member, const struct stat *info) {
  member->uid = info->st_uid;
  member->gid = info->st_gid;
  const char *user = tar_job.numeric ? NULL : user_name(info->st_uid);
  const char *group = tar_job.numeric ? NULL : group_name(info->st_gid);
  snprintf(member->user, 32, "%s", user == NULL ? "" : user);
  snprintf(member->group, 32, "%s", group == NULL ? "" : group);
}

static char type_of(mode_t mode) {
  if (S_ISDIR(mode)) return TYPE_DIRECTORY;
  if (S_ISLNK(mode)) return TYPE_SYMLINK;
  if (S_ISCHR(mode)) return TYPE_CHARACTER;
  if (S_ISBLK(mode)) return TYPE_BLOCK;
  return S_ISFIFO(mode) ? TYPE_FIFO : TYPE_FILE;
}

static bool describe(struct member *member, const char *path, const struct stat *info) {
  *member = (struct member){.mode = info->st_mode & MODE_BITS, .modified = info->st_mtim.tv_sec, .type = type_of(info->st_mode)};
  char *name = name_in_archive(path, "member names");
  size_t length = strlen(name);
  bool slash = member->type == TYPE_DIRECTORY && name[length - 1] != '/';
  member->path = must_format("%s%s", name, slash ? "/" : "");
  free(name);
  set_owner(member, info);
  member->major = device_major(info->st_rdev);
  member->minor = device_minor(info->st_rdev);
  const char *before = info->st_nlink > 1 && !S_ISDIR(info->st_mode) ? copied_before(info) : NULL;
  if (before != NULL) {
    member->type = TYPE_LINK;
    member->target = name_in_archive(before, "hard link targets");
    return true;
  }
  if (info->st_nlink > 1 && !S_ISDIR(info->st_mode)) remember_copy(info, path);
  if (member->type == TYPE_FILE) member->size = info->st_size;
  if (member->type != TYPE_SYMLINK) return true;
  member->target = read_link(path);
  if (member->target != NULL) return true;
  tar_errno("%s: Cannot readlink", path);
  return false;
}

// Exactly as many bytes as the header said.
static void write_file(int from, const char *path, int64_t size) {
  char *bytes = must_alloc(TRANSFER_SIZE);
  bool short_told = false;
  for (int64_t left = size; left > 0 && writable;) {
    size_t part = left < TRANSFER_SIZE ? (size_t)left : TRANSFER_SIZE;
    ssize_t count = short_told ? 0 : read_full(from, bytes, part);
    if (count < 0) {
      tar_errno("%s: Read error", path);
      short_told = true;
      count = 0;
    }
    if ((size_t)count < part) {
      if (!short_told) tar_error("%s: File shrank by %lld bytes; padding with zeros", path, (long long)(left - count));
      short_told = true;
      memset(bytes + count, 0, part - (size_t)count);
    }
    writable = write_archive(bytes, part);
    left -= (int64_t)part;
  }
  free(bytes);
  if (writable) writable = pad_archive(size);
}

static void add_path(const char *path, dev_t device, bool top);

static void add_below(const char *path, dev_t device) {
  struct name_list list = {NULL, 0, 0};
  if (!read_directory(path, &list)) tar_errno("%s: Cannot open", path);
  for (size_t index = 0; index < list.count && writable; index += 1) {
    char *child = join_path(path, list.names[index]);
    add_path(child, device, false);
    free(child);
  }
  free_names(&list);
}

static void add_member(const char *path, const struct stat *info) {
  struct member member;
  bool good = describe(&member, path, info);
  int from = -1;
  if (good && member.type == TYPE_FILE) {
    from = open(path, O_RDONLY | O_CLOEXEC);
    good = from >= 0;
    if (!good) tar_errno("%s: Cannot open", path);
  }
  if (good && tar_job.verbose) print_member(&member);
  if (good) writable = write_member(&member);
  if (good && writable && from >= 0) write_file(from, path, member.size);
  if (from >= 0) close(from);
  free_member(&member);
}

static void add_path(const char *path, dev_t device, bool top) {
  struct stat info;
  if (is_excluded_member(path)) return;
  if ((tar_job.follow ? stat(path, &info) : lstat(path, &info)) != 0) {
    tar_errno("%s: Cannot stat", path);
    return;
  }
  if (!top && tar_job.one_device && info.st_dev != device) return;
  if (is_archive(&info)) {
    message("%s: file is the archive; not dumped", path);
    return;
  }
  if (S_ISSOCK(info.st_mode)) {
    message("%s: socket ignored", path);
    return;
  }
  add_member(path, &info);
  if (S_ISDIR(info.st_mode) && !tar_job.no_recursion && writable) add_below(path, info.st_dev);
}

void create_archive(void) {
  const char *directory = NULL;
  int start = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  for (size_t index = 0; index < tar_job.operand_count && writable; index += 1) {
    struct operand *operand = &tar_job.operands[index];
    if (operand->directory != directory) {
      directory = operand->directory;
      if ((start >= 0 && fchdir(start) != 0) || (directory != NULL && chdir(directory) != 0)) {
        tar_errno("%s: Cannot open", directory == NULL ? "." : directory);
        break;
      }
    }
    add_path(operand->name, 0, true);
  }
  if (start >= 0) close(start);
}
