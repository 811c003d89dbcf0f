// nice, nohup and setsid: they change something, and become the command.
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/memory.h"
#include "lib/message.h"
#include "lib/number.h"
#include "lib/options.h"
#include "lib/path.h"
#include "lib/run-program.h"
#include "lib/transfer.h"

extern char **environ;

static const struct option NICE_NAMES[] = {{"adjustment", required_argument, NULL, 'n'}, {NULL, 0, NULL, 0}};
static const struct options NICE = {"[-n NUMBER] [COMMAND [WORD]...]", "+n:0123456789", NICE_NAMES, 125};
static const struct options NOHUP = {"COMMAND [WORD]...", "+", NULL, 125};
static const struct option SETSID_NAMES[] = {
  {"wait", no_argument, NULL, 'w'}, {"ctty", no_argument, NULL, 'c'}, {"fork", no_argument, NULL, 'f'}, {NULL, 0, NULL, 0},
};
static const struct options SETSID = {"[-cfw] COMMAND [WORD]...", "+cfw", SETSID_NAMES, 1};

// There are no priorities here: the number is checked, and the command runs as all others.
int nice_main(int argc, char **argv) {
  int option;
  while ((option = next_option(argc, argv, &NICE)) != OPTIONS_END) {
    if (option >= '0' && option <= '9') continue;
    if (option != 'n') return options_status;
    const char *digits = optarg + (*optarg == '-' || *optarg == '+' ? 1 : 0);
    int64_t number;
    if (parse_number(digits, 1000, &number)) continue;
    message("invalid adjustment '%s'", optarg);
    return 125;
  }
  if (optind < argc) return become_program(argv + optind);
  puts("0");
  return finish_output(0);
}

static int open_log(void) {
  int flags = O_WRONLY | O_CREAT | O_APPEND;
  int file = open("nohup.out", flags, 0600);
  const char *home = getenv("HOME");
  char *path = NULL;
  if (file < 0 && home != NULL) {
    path = join_path(home, "nohup.out");
    file = open(path, flags, 0600);
  }
  if (file < 0) message_errno("failed to open 'nohup.out'");
  else message("appending output to '%s'", path == NULL ? "nohup.out" : path);
  free(path);
  return file;
}

// What is a terminal is left: it will go away.
static bool leave_terminal(void) {
  bool output = isatty(STDOUT_FILENO) == 1, errors = isatty(STDERR_FILENO) == 1;
  if (isatty(STDIN_FILENO) == 1) {
    int nothing = open("/dev/null", O_RDONLY);
    if (nothing >= 0 && dup2(nothing, STDIN_FILENO) >= 0) close(nothing);
  }
  if (!output) return !errors || dup2(STDOUT_FILENO, STDERR_FILENO) >= 0;
  int file = open_log();
  if (file < 0) return false;
  bool good = dup2(file, STDOUT_FILENO) >= 0 && (!errors || dup2(file, STDERR_FILENO) >= 0);
  if (file > STDERR_FILENO) close(file);
  return good;
}

int nohup_main(int argc, char **argv) {
  if (next_option(argc, argv, &NOHUP) != OPTIONS_END) return options_status;
  if (optind == argc) return usage_error(&NOHUP, "missing operand");
  if (!leave_terminal()) return 125;
  signal(SIGHUP, SIG_IGN);
  return become_program(argv + optind);
}

static int spawn_session(char **argv, bool wait_for_it) {
  posix_spawnattr_t attributes;
  pid_t pid;
  int error = posix_spawnattr_init(&attributes);
  if (error == 0) error = posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
  if (error == 0) error = posix_spawnp(&pid, argv[0], NULL, &attributes, argv, environ);
  posix_spawnattr_destroy(&attributes);
  if (error != 0) {
    errno = error;
    message_errno("failed to execute %s", argv[0]);
    return error == ENOENT ? NOT_FOUND : NOT_EXECUTABLE;
  }
  int status = 0;
  if (!wait_for_it) return 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
  return shell_status(status);
}

int setsid_main(int argc, char **argv) {
  bool wait_for_it = false, always_spawn = false;
  int option;
  while ((option = next_option(argc, argv, &SETSID)) != OPTIONS_END) {
    switch (option) {
      case 'w': wait_for_it = true; break;
      case 'f': always_spawn = true; break;
      case 'c': break;
      default: return options_status;
    }
  }
  if (optind == argc) return usage_error(&SETSID, "no command specified");
  // Who leads a group cannot lead a session as well.
  if (always_spawn || getpgrp() == getpid()) return spawn_session(argv + optind, wait_for_it);
  if (setsid() < 0) {
    message_errno("setsid failed");
    return 1;
  }
  return become_program(argv + optind);
}
