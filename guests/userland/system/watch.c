#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/memory.h"
#include "lib/message.h"
#include "lib/number.h"
#include "lib/options.h"
#include "lib/run-program.h"
#include "lib/terminal.h"

static const struct option NAMES[] = {
  {"interval", required_argument, NULL, 'n'}, {"no-title", no_argument, NULL, 't'}, {"exec", no_argument, NULL, 'x'},
  {"errexit", no_argument, NULL, 'e'}, {"beep", no_argument, NULL, 'b'}, {NULL, 0, NULL, 0},
};
static const struct options OPTIONS = {"[-betx] [-n SECONDS] COMMAND [WORD]...", "+ben:tx", NAMES, 1};

static volatile sig_atomic_t ended_by;

static void note_end(int number) { ended_by = number; }

static char *join_words(char **words) {
  char *text = must_copy("");
  for (; *words != NULL; words += 1) {
    char *longer = must_format("%s%s%s", text, *text == '\0' ? "" : " ", *words);
    free(text);
    text = longer;
  }
  return text;
}

static void print_title(double seconds, const char *text) {
  char host[128] = "", when[64], left[256];
  time_t now = time(NULL);
  struct tm tm = {0};
  gethostname(host, sizeof host);
  host[sizeof host - 1] = '\0';
  localtime_r(&now, &tm);
  strftime(when, sizeof when, "%a %b %e %H:%M:%S %Y", &tm);
  snprintf(left, sizeof left, "Every %.1fs: %s", seconds, text);
  int room = terminal_size().columns - (int)strlen(host) - (int)strlen(when) - 3;
  if (room < 1) room = 1;
  printf("%-*.*s %s: %s\n\n", room, room, left, host, when);
}

static void pause_for(double seconds) {
  struct timespec left = {(time_t)seconds, (long)((seconds - (double)(time_t)seconds) * 1e9)};
  while (ended_by == 0 && nanosleep(&left, &left) != 0) continue;
}

int watch_main(int argc, char **argv) {
  double seconds = 2;
  bool title = true, direct = false, stop_on_error = false;
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    switch (option) {
      case 'b': break;
      case 'e': stop_on_error = true; break;
      case 't': title = false; break;
      case 'x': direct = true; break;
      case 'n':
        if (parse_seconds(optarg, &seconds) && seconds >= 0) break;
        message("invalid interval '%s'", optarg);
        return 1;
      default: return options_status;
    }
  }
  if (optind == argc) return usage_error(&OPTIONS, "missing operand");
  if (seconds < 0.1) seconds = 0.1;
  struct sigaction action = {.sa_handler = note_end};
  sigaction(SIGTERM, &action, NULL);
  sigaction(SIGINT, &action, NULL);
  char *text = join_words(argv + optind);
  char *shell[] = {"sh", "-c", text, NULL};
  struct start how = {0};
  int status = 0;
  while (ended_by == 0) {
    if (isatty(STDOUT_FILENO) == 1) fputs("\033[H\033[J", stdout);
    if (title) print_title(seconds, text);
    if (fflush(stdout) != 0) break;
    status = run_program(direct ? argv + optind : shell, &how);
    if (stop_on_error && status != 0) break;
    pause_for(seconds);
  }
  free(text);
  return ended_by == 0 ? status : 0;
}
