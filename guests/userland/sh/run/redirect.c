#include "sh/run/redirect.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sh/expand/expand.h"
#include "sh/output.h"
#include "sh/run/here.h"
#include "sh/shell.h"

int move_fd_up(int fd) {
  int moved = fcntl(fd, F_DUPFD_CLOEXEC, FIRST_OWN_FD);
  int error = errno;
  close(fd);
  errno = error;
  return moved;
}

int own_pipe(int fds[2]) {
  if (pipe2(fds, O_CLOEXEC) < 0) return -1;
  for (int i = 0; i < 2; i += 1) {
    if (fds[i] < 3) fds[i] = move_fd_up(fds[i]);
  }
  if (fds[0] >= 0 && fds[1] >= 0) return 0;
  close(fds[0] >= 0 ? fds[0] : fds[1]);
  return -1;
}

static const int open_flags[] = {
  [REDIRECT_READ] = O_RDONLY,
  [REDIRECT_WRITE] = O_WRONLY | O_CREAT | O_TRUNC,
  [REDIRECT_CLOBBER] = O_WRONLY | O_CREAT | O_TRUNC,
  [REDIRECT_APPEND] = O_WRONLY | O_CREAT | O_APPEND,
  [REDIRECT_READ_WRITE] = O_RDWR | O_CREAT,
};

// set -C: > does not truncate a regular file.
static int open_without_clobber(const char *path) {
  int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (fd >= 0 || errno != EEXIST) return fd;
  struct stat status;
  fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  if (fstat(fd, &status) == 0 && !S_ISREG(status.st_mode)) return fd;
  close(fd);
  errno = EEXIST;
  return -1;
}

static int open_file(const struct redirect *redirect, const char *path) {
  bool keeps = redirect->kind == REDIRECT_WRITE && shell.options[OPTION_NO_CLOBBER];
  int fd;
  do fd = keeps ? open_without_clobber(path) : open(path, open_flags[redirect->kind] | O_CLOEXEC, 0666);
  while (fd < 0 && errno == EINTR);
  if (fd >= 0) return fd;
  bool creates = redirect->kind != REDIRECT_READ;
  shell_warn("cannot %s %s: %s", creates ? "create" : "open", path, strerror(errno));
  return -1;
}

// An earlier step of the plan may be what opens it.
static bool is_open(const struct fd_plan *plan, int fd) {
  for (size_t i = plan->count; i > 0; i -= 1) {
    if (plan->steps[i - 1].to == fd) return plan->steps[i - 1].from >= 0;
  }
  int flags = fcntl(fd, F_GETFD);
  return flags >= 0 && (flags & FD_CLOEXEC) == 0;
}

static bool plan_duplicate(struct fd_plan *plan, struct fd_step *step, const char *text) {
  if (strcmp(text, "-") == 0) return true;
  if (!isdigit((unsigned char)text[0]) || text[1] != '\0' || !is_open(plan, text[0] - '0')) {
    shell_warn("%s: Bad file descriptor", text);
    return false;
  }
  step->from = text[0] - '0';
  return true;
}

// What is opened must not be in the way of a descriptor that a later step names.
static bool keep_clear(const struct redirect *redirects, int fd) {
  if (fd < 3) return false;
  for (; redirects != NULL; redirects = redirects->next) {
    if (redirects->fd > 2) return false;
    if (redirects->kind != REDIRECT_DUP_IN && redirects->kind != REDIRECT_DUP_OUT) continue;
    const char *plain = plain_text(redirects->target);
    if (plain == NULL || *plain > '2') return false;
  }
  return true;
}

static bool plan_one(const struct redirect *all, const struct redirect *redirect, struct fd_plan *plan) {
  struct fd_step step = {-1, redirect->fd, false};
  char *text = expand_text(redirect->target);
  if (text == NULL) return false;
  if (redirect->kind == REDIRECT_DUP_IN || redirect->kind == REDIRECT_DUP_OUT) {
    if (!plan_duplicate(plan, &step, text)) return false;
  } else {
    step.from = redirect->kind == REDIRECT_HERE ? here_document(text) : open_file(redirect, text);
    if (step.from >= 0 && !keep_clear(all, step.from)) step.from = move_fd_up(step.from);
    if (step.from < 0) return false;
    step.opened = true;
  }
  plan->steps[plan->count++] = step;
  return true;
}

bool plan_redirects(const struct redirect *redirects, struct fd_plan *plan) {
  *plan = (struct fd_plan){0};
  size_t count = 0;
  for (const struct redirect *redirect = redirects; redirect != NULL; redirect = redirect->next) count += 1;
  if (count == 0) return true;
  plan->steps = arena_alloc(&scratch, count * sizeof *plan->steps);
  for (const struct redirect *redirect = redirects; redirect != NULL; redirect = redirect->next) {
    if (plan_one(redirects, redirect, plan)) continue;
    plan_close(plan);
    return false;
  }
  return true;
}

void plan_close(struct fd_plan *plan) {
  for (size_t i = 0; i < plan->count; i += 1) {
    if (plan->steps[i].opened) close(plan->steps[i].from);
  }
  plan->count = 0;
}

static void save(struct saved *saved, int fd) {
  for (size_t i = 0; i < saved->count; i += 1) {
    if (saved->fds[i].fd == fd) return;
  }
  saved->fds[saved->count++] = (struct saved_fd){fd, fcntl(fd, F_DUPFD_CLOEXEC, FIRST_OWN_FD)};
}

bool plan_apply(struct fd_plan *plan, struct saved *saved) {
  bool done = true;
  output_flush();
  if (saved != NULL) *saved = (struct saved){0};
  if (saved != NULL && plan->count > 0) saved->fds = arena_alloc(&scratch, plan->count * sizeof *saved->fds);
  for (size_t i = 0; i < plan->count && done; i += 1) {
    const struct fd_step *step = &plan->steps[i];
    if (saved != NULL) save(saved, step->to);
    if (step->from < 0) close(step->to);
    else if (dup2(step->from, step->to) < 0) done = false;
  }
  if (!done) {
    shell_warn("cannot redirect: %s", strerror(errno));
    if (saved != NULL) plan_restore(saved);
  }
  plan_close(plan);
  return done;
}

void plan_restore(struct saved *saved) {
  output_flush();
  for (size_t i = saved->count; i > 0; i -= 1) {
    const struct saved_fd *fd = &saved->fds[i - 1];
    if (fd->copy < 0) {
      close(fd->fd);
    } else {
      dup2(fd->copy, fd->fd);
      close(fd->copy);
    }
  }
  saved->count = 0;
}
