#include "top.h"

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/message.h"
#include "lib/number.h"
#include "lib/options.h"
#include "lib/terminal.h"
#include "lib/transfer.h"

static const struct options OPTIONS = {"[-b] [-n TIMES] [-d SECONDS]", "bn:d:cHiSp:u:w:o:", NULL, 1};

static volatile sig_atomic_t ended_by;

static void note_end(int number) { ended_by = number; }

// The first process of a container takes no signal it has no handler for, and this is what keeps many alive.
static void set_handlers(void) {
  struct sigaction action = {.sa_handler = note_end};
  sigaction(SIGTERM, &action, NULL);
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGHUP, &action, NULL);
}

static bool take_look(struct look *look) {
  look->moment = read_uptime();
  if (read_processes(&look->list)) return true;
  message_errno("/proc");
  return false;
}

static void pause_for(double seconds) {
  struct timespec left = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};
  while (ended_by == 0 && nanosleep(&left, &left) != 0) continue;
}

// Whether one wants no more. Any other key than q is a wish for another look.
static bool wait_for_quit(double seconds) {
  int key = wait_for_key(seconds);
  return key == 'q' || key == 'Q' || key == 3;
}

struct manner {
  bool interactive;
  int64_t times;  // below zero: for ever
  double delay;
};

static bool show(const struct look *look, const struct look *before, const struct manner *manner, bool first) {
  if (manner->interactive) {
    struct terminal_size size = terminal_size();
    fputs("\033[H", stdout);
    print_look(look, before, size.rows, size.columns, "\033[K\n");
    fputs("\033[J", stdout);
  } else {
    if (!first) putchar('\n');
    print_look(look, before, 0, 0, "\n");
  }
  return fflush(stdout) == 0;
}

static int run(const struct manner *manner) {
  struct look looks[2] = {{{NULL, 0}, 0}, {{NULL, 0}, 0}};
  const struct look *before = NULL;
  int status = 0;
  for (int64_t turn = 0; ended_by == 0 && turn != manner->times; turn += 1) {
    struct look *look = &looks[turn % 2];
    free_processes(&look->list);
    if (!take_look(look)) {
      status = 1;
      break;
    }
    if (!show(look, before, manner, turn == 0)) break;
    before = look;
    if (turn + 1 == manner->times) break;
    if (!manner->interactive) pause_for(manner->delay);
    else if (wait_for_quit(manner->delay)) break;
  }
  free_processes(&looks[0].list);
  free_processes(&looks[1].list);
  return status;
}

int top_main(int argc, char **argv) {
  struct manner manner = {isatty(STDOUT_FILENO) == 1, -1, 3};
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    bool good = true;
    switch (option) {
      case 'b': manner.interactive = false; break;
      case 'n': good = parse_number(optarg, INT64_MAX, &manner.times) && manner.times > 0; break;
      case 'd': good = parse_seconds(optarg, &manner.delay) && manner.delay >= 0; break;
      case OPTIONS_OVER: return options_status;
      default: break;
    }
    if (good) continue;
    message("invalid argument '%s' to -%c", optarg, option);
    return 1;
  }
  set_handlers();
  // Without keys to read there is nothing to be interactive with.
  manner.interactive = manner.interactive && begin_keys();
  int status = run(&manner);
  end_keys();
  if (manner.interactive) putchar('\n');
  status = finish_output(status);
  if (ended_by == 0) return status;
  signal(ended_by, SIG_DFL);
  raise(ended_by);
  return 128 + ended_by;
}
