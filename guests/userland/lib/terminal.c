#include "terminal.h"

#include <errno.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static struct termios before;
static bool changed;

struct terminal_size terminal_size(void) {
  struct winsize size;
  struct terminal_size result = {24, 80};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return result;
  if (size.ws_row > 0) result.rows = size.ws_row;
  if (size.ws_col > 0) result.columns = size.ws_col;
  return result;
}

bool begin_keys(void) {
  if (isatty(STDIN_FILENO) != 1 || tcgetattr(STDIN_FILENO, &before) != 0) return false;
  struct termios raw = before;
  raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  changed = tcsetattr(STDIN_FILENO, TCSANOW, &raw) == 0;
  return changed;
}

void end_keys(void) {
  if (changed) tcsetattr(STDIN_FILENO, TCSANOW, &before);
  changed = false;
}

int wait_for_key(double seconds) {
  struct pollfd wait = {STDIN_FILENO, POLLIN, 0};
  int count = poll(&wait, 1, seconds < 0 ? -1 : (int)(seconds * 1000));
  if (count == 0) return 0;
  if (count < 0) return -1;
  unsigned char key;
  ssize_t length = read(STDIN_FILENO, &key, 1);
  return length == 1 ? key : -1;
}
