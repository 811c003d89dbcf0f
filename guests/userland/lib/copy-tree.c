#include "copy-tree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ask.h"
#include "copied-links.h"
#include "memory.h"
#include "message.h"
#include "mode.h"
#include "name-list.h"
#include "path.h"
#include "transfer.h"

static bool same_file(const struct stat *left, const struct stat *right) {
  return left->st_ino == right->st_ino && left->st_dev == right->st_dev;
}

bool copy_attributes(const char *to, const struct stat *info) {
  struct timespec times[2] = {info->st_atim, info->st_mtim};
  bool is_link = S_ISLNK(info->st_mode);
  mode_t mode = info->st_mode & MODE_BITS;
  // A set-id bit must not serve an owner it was not given by.
  if (lchown(to, info->st_uid, info->st_gid) != 0) mode &= ~(mode_t)(S_ISUID | S_ISGID);
  bool good = is_link || chmod(to, mode) == 0;
  good &= utimensat(AT_FDCWD, to, times, AT_SYMLINK_NOFOLLOW) == 0 || is_link;
  if (!good) message_errno("preserving attributes of '%s'", to);
  return good;
}

static int open_target(const char *to, const struct stat *old, mode_t mode, const struct copying *how) {
  int flags = O_WRONLY | O_CLOEXEC | (old == NULL ? O_CREAT | O_EXCL : O_TRUNC);
  int target = open(to, flags, mode & 0777);
  if (target >= 0 || old == NULL || !how->force || unlink(to) != 0) return target;
  return open(to, O_WRONLY | O_CLOEXEC | O_CREAT | O_EXCL, mode & 0777);
}

static bool copy_bytes(int source, const char *from, int target, const char *to) {
  enum transfer result = transfer_all(source, target);
  if (result == TRANSFER_READ_FAILED) message_errno("error reading '%s'", from);
  if (result == TRANSFER_WRITE_FAILED) message_errno("error writing '%s'", to);
  if (close(target) == 0) return result == TRANSFER_DONE;
  if (result == TRANSFER_DONE) message_errno("error writing '%s'", to);
  return false;
}

static bool copy_file(const char *from, const char *to, const struct stat *info, const struct stat *old,
                      const struct copying *how) {
  int source = open(from, O_RDONLY | O_CLOEXEC);
  if (source < 0) {
    message_errno("cannot open '%s' for reading", from);
    return false;
  }
  int target = open_target(to, old, info->st_mode, how);
  if (target < 0) {
    message_errno("cannot create regular file '%s'", to);
    close(source);
    return false;
  }
  bool good = copy_bytes(source, from, target, to);
  close(source);
  return good;
}

static bool copy_link(const char *from, const char *to, const struct stat *old) {
  char *target = read_link(from);
  if (target == NULL) {
    message_errno("cannot read symbolic link '%s'", from);
    return false;
  }
  bool good = (old == NULL || unlink(to) == 0) && symlink(target, to) == 0;
  if (!good) message_errno("cannot create symbolic link '%s'", to);
  free(target);
  return good;
}

// Whether `path` is the directory `info` or is below it, so that a copy would go on for ever.
static bool is_inside(const char *path, const struct stat *info) {
  char *parent = directory_name(path);
  char *real = resolve_path(parent, MISSING_NOTHING);
  free(parent);
  bool inside = false;
  while (real != NULL && !inside) {
    struct stat above;
    inside = stat(real, &above) == 0 && same_file(&above, info);
    if (strcmp(real, "/") == 0) break;
    char *next = directory_name(real);
    free(real);
    real = next;
  }
  free(real);
  return inside;
}

static bool copy_children(const char *from, const char *to, const struct copying *how) {
  struct name_list list = {NULL, 0, 0};
  bool good = read_directory(from, &list);
  if (!good) message_errno("cannot access '%s'", from);
  for (size_t index = 0; index < list.count; index += 1) {
    char *source = join_path(from, list.names[index]);
    char *target = join_path(to, list.names[index]);
    good &= copy_path(source, target, how, false);
    free(source);
    free(target);
  }
  free_names(&list);
  return good;
}

static bool copy_directory(const char *from, const char *to, const struct stat *info, const struct stat *old,
                           const struct copying *how, bool named) {
  if (!how->recursive) {
    message("-r not specified; omitting directory '%s'", from);
    return false;
  }
  if (old != NULL && !S_ISDIR(old->st_mode)) {
    message("cannot overwrite non-directory '%s' with directory '%s'", to, from);
    return false;
  }
  if (named && is_inside(to, info)) {
    message("cannot copy a directory, '%s', into itself, '%s'", from, to);
    return false;
  }
  // It must be writable until it is full.
  if (old == NULL && mkdir(to, (info->st_mode & 0777) | S_IRWXU) != 0) {
    message_errno("cannot create directory '%s'", to);
    return false;
  }
  if (how->verbose && old == NULL) printf("'%s' -> '%s'\n", from, to);
  bool good = copy_children(from, to, how);
  if (how->preserve) return copy_attributes(to, info) && good;
  mode_t mode = info->st_mode & 0777 & ~current_umask();
  if (old == NULL && (mode & S_IRWXU) != S_IRWXU && chmod(to, mode) != 0) {
    message_errno("cannot set permissions of '%s'", to);
    return false;
  }
  return good;
}

// Whether what is there may go, and nothing speaks against it. `*stop` is what to answer when not.
static bool may_replace(const char *from, const char *to, const struct stat *info, const struct stat *old,
                        const struct copying *how, bool *stop) {
  *stop = true;
  if (how->no_clobber) return false;
  bool newer = info->st_mtim.tv_sec > old->st_mtim.tv_sec ||
               (info->st_mtim.tv_sec == old->st_mtim.tv_sec && info->st_mtim.tv_nsec > old->st_mtim.tv_nsec);
  if (how->update && !newer) return false;
  *stop = false;
  if (how->interactive && !ask("overwrite '%s'? ", to)) return false;
  if (S_ISDIR(old->st_mode)) {
    message("cannot overwrite directory '%s' with non-directory '%s'", to, from);
    return false;
  }
  return true;
}

static bool copy_linked(const char *before, const char *to, const struct stat *old) {
  if (old != NULL && unlink(to) != 0) {
    message_errno("cannot remove '%s'", to);
    return false;
  }
  if (link(before, to) == 0) return true;
  message_errno("cannot create hard link '%s' to '%s'", to, before);
  return false;
}

static bool copy_other(const char *from, const char *to, const struct stat *info, const struct stat *old,
                       const struct copying *how) {
  bool counts = how->preserve && info->st_nlink > 1;
  const char *before = counts ? copied_before(info) : NULL;
  if (before != NULL) return copy_linked(before, to, old);
  bool good;
  if (S_ISLNK(info->st_mode)) {
    good = copy_link(from, to, old);
  } else if (S_ISREG(info->st_mode) || !how->recursive) {
    good = copy_file(from, to, info, old, how);
  } else {
    message("cannot copy special file '%s'", from);
    return false;
  }
  if (good && how->preserve) good = copy_attributes(to, info);
  if (good && counts) remember_copy(info, to);
  return good;
}

// What is copied, and what is there: kept off the stack, which trees of any depth are copied on.
struct pair {
  struct stat source, target;
};

static bool copy_pair(const char *from, const char *to, const struct copying *how, bool named, struct pair *pair) {
  bool follow = how->links == LINKS_FOLLOW || (named && how->links == LINKS_FOLLOW_NAMED);
  struct stat *info = &pair->source, *target = &pair->target;
  if ((follow ? stat(from, info) : lstat(from, info)) != 0) {
    message_errno("cannot stat '%s'", from);
    return false;
  }
  // A link that is written to is written through; one that is replaced goes itself.
  bool through = !S_ISLNK(info->st_mode) && stat(to, target) == 0;
  bool exists = through || lstat(to, target) == 0;
  if (exists && same_file(info, target) && !how->no_clobber) {
    message("'%s' and '%s' are the same file", from, to);
    return false;
  }
  const struct stat *old = exists ? target : NULL;
  if (S_ISDIR(info->st_mode)) return copy_directory(from, to, info, old, how, named);
  bool stop;
  if (exists && !may_replace(from, to, info, old, how, &stop)) return stop;
  if (exists && !through && S_ISLNK(target->st_mode) && !S_ISLNK(info->st_mode)) {
    message("not writing through dangling symlink '%s'", to);
    return false;
  }
  if (how->verbose) printf("'%s' -> '%s'\n", from, to);
  return copy_other(from, to, info, old, how);
}

bool copy_path(const char *from, const char *to, const struct copying *how, bool named) {
  struct pair *pair = must_alloc(sizeof *pair);
  bool good = copy_pair(from, to, how, named, pair);
  free(pair);
  return good;
}
