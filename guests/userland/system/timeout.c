#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/message.h"
#include "lib/number.h"
#include "lib/options.h"
#include "lib/run-program.h"
#include "lib/signal-names.h"

enum { TIMED_OUT = 124, OWN_FAILURE = 125, PRESERVE_STATUS = OPTION_NAMED, FOREGROUND };

static const struct option NAMES[] = {
  {"signal", required_argument, NULL, 's'}, {"kill-after", required_argument, NULL, 'k'}, {"verbose", no_argument, NULL, 'v'},
  {"preserve-status", no_argument, NULL, PRESERVE_STATUS}, {"foreground", no_argument, NULL, FOREGROUND}, {NULL, 0, NULL, 0},
};
static const struct options OPTIONS = {
  "[-v] [-s SIGNAL] [-k DURATION] [--preserve-status] [--foreground] DURATION COMMAND [WORD]...", "+s:k:v", NAMES, OWN_FAILURE,
};

// Its other end is written to when a signal comes, so that no signal is missed between look and wait.
static int bell[2];
static volatile sig_atomic_t passed_on;

static void ring(int number) {
  int error = errno;
  if (number != SIGCHLD) passed_on = number;
  ssize_t written = write(bell[1], "", 1);
  (void)written;
  errno = error;
}

static bool set_bell(void) {
  static const int SIGNALS[] = {SIGCHLD, SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGALRM};
  if (pipe2(bell, O_CLOEXEC) != 0) return false;
  fcntl(bell[0], F_SETFL, O_NONBLOCK);
  fcntl(bell[1], F_SETFL, O_NONBLOCK);
  struct sigaction action = {.sa_handler = ring, .sa_flags = SA_RESTART};
  for (size_t index = 0; index < sizeof SIGNALS / sizeof *SIGNALS; index += 1) sigaction(SIGNALS[index], &action, NULL);
  // A terminal must not stop whom it waits for.
  signal(SIGTTIN, SIG_IGN);
  signal(SIGTTOU, SIG_IGN);
  return true;
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

struct watched {
  pid_t pid;
  bool foreground, verbose;
  const char *name;
};

static void send(const struct watched *watched, int number) {
  if (watched->verbose) {
    const char *name = signal_name(number);
    message("sending signal %s to command '%s'", name == NULL ? "0" : name, watched->name);
  }
  kill(watched->foreground ? watched->pid : -watched->pid, number);
  // A stopped process takes no signal but this.
  if (number != SIGKILL && number != SIGCONT) kill(watched->foreground ? watched->pid : -watched->pid, SIGCONT);
}

enum end { ENDED, OVERDUE };

// Waits until it ends, or until a moment; below zero there is none.
static enum end wait_until(const struct watched *watched, double moment, int *status) {
  for (;;) {
    pid_t ended = waitpid(watched->pid, status, WNOHANG);
    if (ended == watched->pid || (ended < 0 && errno == ECHILD)) return ENDED;
    if (passed_on != 0) {
      int number = passed_on;
      passed_on = 0;
      send(watched, number);
    }
    double left = moment < 0 ? 3600 : moment - now();
    if (left <= 0) return OVERDUE;
    if (left > 3600) left = 3600;
    struct pollfd wait = {bell[0], POLLIN, 0};
    poll(&wait, 1, (int)(left * 1000) + 1);
    char waste[16];
    while (read(bell[0], waste, sizeof waste) > 0) continue;
  }
}

static int run(char **argv, struct watched *watched, double seconds, double kill_after, int number, bool preserve) {
  int status;
  struct start how = {.own_group = !watched->foreground};
  watched->name = argv[0];
  watched->pid = start_program(argv, &how, &status);
  if (watched->pid < 0) return status;
  if (wait_until(watched, seconds > 0 ? now() + seconds : -1, &status) == ENDED) return shell_status(status);
  send(watched, number);
  bool killed = number == SIGKILL;
  if (kill_after >= 0 && wait_until(watched, kill_after > 0 ? now() + kill_after : -1, &status) == OVERDUE) {
    send(watched, SIGKILL);
    killed = true;
  }
  wait_until(watched, -1, &status);
  if (killed) return 128 + SIGKILL;
  return preserve ? shell_status(status) : TIMED_OUT;
}

static bool parse(const char *text, double *seconds) {
  if (parse_seconds(text, seconds)) return true;
  message("invalid time interval '%s'", text);
  return false;
}

int timeout_main(int argc, char **argv) {
  double seconds, kill_after = -1;
  int number = SIGTERM;
  bool preserve = false;
  struct watched watched = {0};
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    switch (option) {
      case 'k':
        if (!parse(optarg, &kill_after)) return OWN_FAILURE;
        break;
      case 's':
        number = find_signal(optarg);
        if (number >= 0) break;
        message("%s: invalid signal", optarg);
        return OWN_FAILURE;
      case 'v': watched.verbose = true; break;
      case PRESERVE_STATUS: preserve = true; break;
      case FOREGROUND: watched.foreground = true; break;
      default: return options_status;
    }
  }
  if (argc - optind < 2) return usage_error(&OPTIONS, "missing operand");
  if (!parse(argv[optind], &seconds)) return OWN_FAILURE;
  if (!set_bell()) {
    message_errno("cannot make a pipe");
    return OWN_FAILURE;
  }
  return run(argv + optind + 1, &watched, seconds, kill_after, number, preserve);
}
