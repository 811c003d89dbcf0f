// times: what the shell and its children used.
#include <sys/times.h>
#include <unistd.h>

#include "sh/builtin/builtins.h"
#include "sh/output.h"

static void print_pair(clock_t user, clock_t system) {
  double ticks = (double)sysconf(_SC_CLK_TCK);
  double seconds[2] = {(double)user / ticks, (double)system / ticks};
  for (int i = 0; i < 2; i += 1) {
    int minutes = (int)(seconds[i] / 60);
    output_format("%dm%fs%c", minutes, seconds[i] - minutes * 60, i == 0 ? ' ' : '\n');
  }
}

int times_main(int argc, char **argv) {
  (void)argc, (void)argv;
  struct tms used;
  times(&used);
  print_pair(used.tms_utime, used.tms_stime);
  print_pair(used.tms_cutime, used.tms_cstime);
  return 0;
}
