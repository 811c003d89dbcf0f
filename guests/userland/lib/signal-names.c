#include "signal-names.h"

#include <stddef.h>
#include <strings.h>

#include "number.h"

static const char *const NAMES[] = {
  "EXIT", "HUP",  "INT",    "QUIT", "ILL",  "TRAP", "ABRT", "BUS",  "FPE",  "KILL",   "USR1",
  "SEGV", "USR2", "PIPE",   "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN",
  "TTOU", "URG",  "XCPU",   "XFSZ", "VTALRM", "PROF", "WINCH", "POLL", "PWR", "SYS",
};

enum { NAMED = sizeof NAMES / sizeof *NAMES };

int find_signal(const char *text) {
  int64_t number;
  if (parse_number(text, SIGNAL_COUNT - 1, &number)) return (int)number;
  if (strncasecmp(text, "SIG", 3) == 0) text += 3;
  for (int index = 0; index < NAMED; index += 1) {
    if (strcasecmp(NAMES[index], text) == 0) return index;
  }
  return strcasecmp(text, "IO") == 0 ? 29 : -1;
}

const char *signal_name(int number) { return number >= 0 && number < NAMED ? NAMES[number] : NULL; }
