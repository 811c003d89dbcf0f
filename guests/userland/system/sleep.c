// sleep and usleep.
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include "lib/message.h"
#include "lib/number.h"
#include "lib/options.h"

static const struct options SLEEP = {"NUMBER[smhd]... | infinity", "", NULL, 0};
static const struct options USLEEP = {"MICROSECONDS", "", NULL, 0};

// No clock is asked for more than this at once.
#define DAY 86400

static void pause_for(double seconds) {
  while (seconds < 0 || seconds > 0) {
    double part = seconds < 0 || seconds > DAY ? DAY : seconds;
    struct timespec left = {(time_t)part, (long)((part - (double)(time_t)part) * 1e9)};
    while (nanosleep(&left, &left) != 0 && errno == EINTR) continue;
    if (seconds > 0) seconds -= part;
  }
}

int sleep_main(int argc, char **argv) {
  if (next_option(argc, argv, &SLEEP) != OPTIONS_END) return options_status;
  if (optind == argc) return usage_error(&SLEEP, "missing operand");
  double sum = 0;
  for (int index = optind; index < argc; index += 1) {
    double seconds;
    if (!parse_seconds(argv[index], &seconds)) {
      message("invalid time interval '%s'", argv[index]);
      return 1;
    }
    // Forever is below zero, and nothing makes it shorter.
    sum = sum < 0 || seconds < 0 ? -1 : sum + seconds;
  }
  pause_for(sum);
  return 0;
}

int usleep_main(int argc, char **argv) {
  if (next_option(argc, argv, &USLEEP) != OPTIONS_END) return options_status;
  if (optind + 1 != argc) return usage_error(&USLEEP, "one operand is expected");
  int64_t microseconds;
  if (!parse_number(argv[optind], INT64_MAX / 2, &microseconds)) {
    message("invalid number '%s'", argv[optind]);
    return 1;
  }
  pause_for((double)microseconds / 1e6);
  return 0;
}
