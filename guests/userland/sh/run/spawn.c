#include "sh/run/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <unistd.h>

#include "sh/jobs/control.h"
#include "sh/jobs/job.h"
#include "sh/memory/arena.h"
#include "sh/output.h"
#include "sh/run/redirect.h"
#include "sh/shell.h"
#include "sh/signals/trap.h"

static int add_steps(posix_spawn_file_actions_t *actions, const struct spawn *spawn, const struct launch *launch) {
  int error = 0;
  if (launch->in >= 0) error = posix_spawn_file_actions_adddup2(actions, launch->in, 0);
  else if (launch->background && !shell.options[OPTION_MONITOR]) {
    error = posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDONLY, 0);
  }
  if (error == 0 && launch->out >= 0) error = posix_spawn_file_actions_adddup2(actions, launch->out, 1);
  for (size_t i = 0; spawn->plan != NULL && i < spawn->plan->count && error == 0; i += 1) {
    const struct fd_step *step = &spawn->plan->steps[i];
    if (step->from >= 0 && step->from != step->to) {
      error = posix_spawn_file_actions_adddup2(actions, step->from, step->to);
    } else if (step->from < 0 && fcntl(step->to, F_GETFD) >= 0) {
      error = posix_spawn_file_actions_addclose(actions, step->to);
    }
  }
  if (error == 0 && spawn->state >= 0) error = posix_spawn_file_actions_adddup2(actions, spawn->state, STATE_FD);
  return error;
}

// What the shell ignores for itself is not ignored in what it starts.
static void add_attributes(posix_spawnattr_t *attributes, const struct launch *launch) {
  short flags = POSIX_SPAWN_SETSIGDEF;
  sigset_t defaults;
  traps_default_in_child(&defaults);
  posix_spawnattr_setsigdefault(attributes, &defaults);
  if (shell.options[OPTION_MONITOR] && !launch->hidden) {
    flags |= POSIX_SPAWN_SETPGROUP;
    posix_spawnattr_setpgroup(attributes, job_group(launch->job));
  }
  posix_spawnattr_setflags(attributes, flags);
}

int spawn_process(const struct spawn *spawn, struct launch *launch) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  pid_t pid = 0;
  bool monitor = shell.options[OPTION_MONITOR];
  // Nobody could name what the shell itself waits for, once it is stopped.
  bool deaf = monitor ? launch->hidden : launch->background;
  output_flush();
  int error = posix_spawn_file_actions_init(&actions);
  if (error != 0) return error;
  posix_spawnattr_init(&attributes);
  error = add_steps(&actions, spawn, launch);
  add_attributes(&attributes, launch);
  // Ignored signals stay ignored in a child: commands in the background are not for the keyboard's.
  struct deafness kept;
  if (deaf) traps_go_deaf(&kept, monitor ? KEYS_STOP : KEYS_INTERRUPT);
  if (error == 0) {
    error = posix_spawn(&pid, spawn->path, &actions, &attributes, spawn->argv, spawn->environment);
  }
  if (deaf) traps_hear_again(&kept);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  if (error == 0) job_add(launch->job, pid);
  return error;
}

int say_cannot_run(const char *name, int error) {
  if (error == ENOENT || error == ENOTDIR) {
    shell_warn("%s: not found", name);
    return 127;
  }
  shell_warn("%s: %s", name, error == EACCES ? "Permission denied" : strerror(error));
  return 126;
}

int say_cannot_launch(const char *name, int error, const struct fd_plan *plan, const struct launch *launch) {
  size_t count = plan == NULL ? 0 : plan->count;
  struct fd_plan all = {arena_alloc(&scratch, (count + 1) * sizeof *all.steps), 0};
  if (launch->out >= 0) all.steps[all.count++] = (struct fd_step){launch->out, 1, false};
  for (size_t i = 0; i < count; i += 1) {
    all.steps[all.count] = plan->steps[i];
    // The plan is its owner's to close.
    all.steps[all.count++].opened = false;
  }
  struct saved saved;
  bool applied = plan_apply(&all, &saved);
  int status = say_cannot_run(name, error);
  if (applied) plan_restore(&saved);
  return status;
}

// A text without #! is a script. A NUL in its first line tells that it is none.
static bool is_script(const char *path) {
  char begin[128];
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  ssize_t count = read(fd, begin, sizeof begin);
  close(fd);
  if (count < 0) return false;
  const char *newline = memchr(begin, '\n', (size_t)count);
  size_t line = newline == NULL ? (size_t)count : (size_t)(newline - begin);
  return memchr(begin, '\0', line) == NULL;
}

static char **script_arguments(const char *path, char **argv) {
  size_t count = 0;
  while (argv[count] != NULL) count += 1;
  char **all = arena_alloc(&scratch, (count + 2) * sizeof *all);
  all[0] = arena_copy(&scratch, "sh", 2);
  all[1] = arena_copy(&scratch, path, strlen(path));
  for (size_t i = 1; i <= count; i += 1) all[i + 1] = argv[i];
  return all;
}

void say_cannot_fork(void) { shell_error("Cannot fork"); }

bool spawn_command(struct spawn *spawn, struct launch *launch) {
  const char *name = spawn->argv[0];
  int error = spawn_process(spawn, launch);
  if (error == ENOEXEC && is_script(spawn->path)) {
    spawn->argv = script_arguments(spawn->path, spawn->argv);
    spawn->path = SELF;
    error = spawn_process(spawn, launch);
  }
  if (error == 0) return true;
  launch->refused = error == EAGAIN || error == ENOMEM;
  if (launch->refused) say_cannot_fork();
  else shell.status = say_cannot_launch(name, error, spawn->plan, launch);
  return false;
}

int exec_command(const char *path, char **argv, char **environment) {
  sigset_t defaults;
  traps_default_in_child(&defaults);
  traps_before_exec(&defaults);
  output_flush();
  execve(path, argv, environment);
  int error = errno;
  if (error == ENOEXEC && is_script(path)) execve(SELF, script_arguments(path, argv), environment);
  traps_after_exec(&defaults);
  return say_cannot_run(argv[0], error);
}
