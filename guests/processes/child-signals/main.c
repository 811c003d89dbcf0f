// Signals between processes.
#include <fcntl.h>
#include <signal.h>
#include <time.h>

#include "../child.h"

static volatile sig_atomic_t count;

static void note(int signal) {
  (void)signal;
  count += 1;
}

static void handle(int signal, int flags) {
  struct sigaction action = {.sa_handler = note, .sa_flags = flags};
  CHECK(sigaction(signal, &action, NULL), 0);
}

/// Says that it is there, and waits for ever.
static int idle(void) {
  write(1, "!", 1);
  for (;;) pause();
}

/// As idle, and ends by itself when it is asked to.
static int polite(void) {
  handle(SIGTERM, 0);
  write(1, "!", 1);
  while (count == 0) pause();
  return 42;
}

static int busy(void) {
  write(1, "!", 1);
  for (volatile unsigned turn = 0;; turn += 1) continue;
}

/// Sends one signal after the other: the parent may not wait yet when the first comes.
static int waker(const char *parent, int signals) {
  struct timespec moment = {.tv_nsec = 20000000};
  for (int sent = 0; sent < signals; sent += 1) {
    nanosleep(&moment, NULL);
    if (kill(atoi(parent), SIGUSR1) != 0) return 1;
  }
  return 0;
}

/// A child that has begun.
static pid_t ready(const char *part) {
  int ends[2];
  char sign;
  posix_spawn_file_actions_t actions;
  CHECK(pipe2(ends, O_CLOEXEC), 0);
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
  pid_t pid = child_with(&actions, NULL, part, NULL);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  CHECK(read(ends[0], &sign, 1), 1);
  close(ends[0]);
  return pid;
}

static void ended_by(const char *part, int signal) {
  pid_t pid = ready(part);
  CHECK(kill(pid, signal), 0);
  int status = status_of(pid);
  CHECK(WIFSIGNALED(status), 1);
  CHECK(WTERMSIG(status), signal);
  CHECK_FAILS(kill(pid, 0), ESRCH);
}

static void endings(void) {
  ended_by("idle", SIGTERM);
  ended_by("idle", SIGKILL);
  ended_by("busy", SIGINT);
  pid_t pid = ready("polite");
  CHECK(kill(pid, SIGTERM), 0);
  CHECK(exit_of(pid), 42);
  holds("endings");
}

static void interrupted(void) {
  char parent[12], byte;
  int ends[2];
  CHECK(pipe2(ends, O_CLOEXEC), 0);
  snprintf(parent, sizeof parent, "%d", (int)getpid());
  handle(SIGUSR1, 0);
  count = 0;
  pid_t pid = child("many wakes", parent);
  CHECK_FAILS(read(ends[0], &byte, 1), EINTR);
  CHECK(count > 0, 1);
  kill(pid, SIGKILL);
  // With SA_RESTART the wait for the child goes on after the handler.
  handle(SIGUSR1, SA_RESTART);
  CHECK(WTERMSIG(status_of(pid)), SIGKILL);
  count = 0;
  pid = child("few wakes", parent);
  CHECK(exit_of(pid), 0);
  CHECK(count > 0, 1);
  pid = child("many wakes", parent);
  struct timespec hour = {.tv_sec = 3600}, left;
  CHECK_FAILS(nanosleep(&hour, &left), EINTR);
  CHECK(left.tv_sec >= 3500, 1);
  kill(pid, SIGKILL);
  CHECK(WTERMSIG(status_of(pid)), SIGKILL);
  holds("waits");
}

static void of_children(void) {
  handle(SIGCHLD, 0);
  count = 0;
  pid_t pid = child("nothing", NULL);
  struct timespec hour = {.tv_sec = 3600};
  while (count == 0) nanosleep(&hour, NULL);
  CHECK(waitpid(pid, NULL, WNOHANG), pid);
  signal(SIGCHLD, SIG_DFL);
  holds("SIGCHLD");
}

int main(int argc, char **argv) {
  const char *part = argc > 1 ? argv[1] : "";
  if (strcmp(part, "idle") == 0) return idle();
  if (strcmp(part, "polite") == 0) return polite();
  if (strcmp(part, "busy") == 0) return busy();
  if (strcmp(part, "few wakes") == 0) return waker(argv[2], 5);
  if (strcmp(part, "many wakes") == 0) return waker(argv[2], 1000);
  if (strcmp(part, "nothing") == 0) return 0;
  be_runnable();
  endings();
  interrupted();
  of_children();
  return 0;
}
