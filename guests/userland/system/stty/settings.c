#include <stddef.h>

#include "stty.h"

const struct setting stty_settings[] = {
  {"parenb", FLAGS_CONTROL, PARENB, false}, {"parodd", FLAGS_CONTROL, PARODD, false}, {"hupcl", FLAGS_CONTROL, HUPCL, true},
  {"cstopb", FLAGS_CONTROL, CSTOPB, false}, {"cread", FLAGS_CONTROL, CREAD, true}, {"clocal", FLAGS_CONTROL, CLOCAL, false},
  {"ignbrk", FLAGS_INPUT, IGNBRK, false}, {"brkint", FLAGS_INPUT, BRKINT, true}, {"ignpar", FLAGS_INPUT, IGNPAR, false},
  {"parmrk", FLAGS_INPUT, PARMRK, false}, {"inpck", FLAGS_INPUT, INPCK, false}, {"istrip", FLAGS_INPUT, ISTRIP, false},
  {"inlcr", FLAGS_INPUT, INLCR, false}, {"igncr", FLAGS_INPUT, IGNCR, false}, {"icrnl", FLAGS_INPUT, ICRNL, true},
  {"ixon", FLAGS_INPUT, IXON, true}, {"ixoff", FLAGS_INPUT, IXOFF, false}, {"ixany", FLAGS_INPUT, IXANY, false},
  {"opost", FLAGS_OUTPUT, OPOST, true}, {"ocrnl", FLAGS_OUTPUT, OCRNL, false}, {"onlcr", FLAGS_OUTPUT, ONLCR, true},
  {"onocr", FLAGS_OUTPUT, ONOCR, false}, {"onlret", FLAGS_OUTPUT, ONLRET, false},
  {"isig", FLAGS_LOCAL, ISIG, true}, {"icanon", FLAGS_LOCAL, ICANON, true}, {"iexten", FLAGS_LOCAL, IEXTEN, true},
  {"echo", FLAGS_LOCAL, ECHO, true}, {"echoe", FLAGS_LOCAL, ECHOE, true}, {"echok", FLAGS_LOCAL, ECHOK, true},
  {"echonl", FLAGS_LOCAL, ECHONL, false}, {"noflsh", FLAGS_LOCAL, NOFLSH, false}, {"tostop", FLAGS_LOCAL, TOSTOP, false},
  {NULL, FLAGS_LOCAL, 0, false},
};

const struct key stty_keys[] = {
  {"intr", VINTR, 3}, {"quit", VQUIT, 28}, {"erase", VERASE, 127}, {"kill", VKILL, 21}, {"eof", VEOF, 4},
  {"eol", VEOL, 0}, {"start", VSTART, 17}, {"stop", VSTOP, 19}, {"susp", VSUSP, 26}, {NULL, 0, 0},
};

tcflag_t *stty_flags_of(struct termios *terminal, enum flags flags) {
  switch (flags) {
    case FLAGS_CONTROL: return &terminal->c_cflag;
    case FLAGS_INPUT: return &terminal->c_iflag;
    case FLAGS_OUTPUT: return &terminal->c_oflag;
    default: return &terminal->c_lflag;
  }
}
