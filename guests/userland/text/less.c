// less and more: page by page on a terminal; what cat does when there is none.
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "lib/lines.h"
#include "lib/memory.h"
#include "lib/options.h"
#include "lib/writer.h"

// The options people give less, which mean nothing here.
static const struct options OPTIONS = {"[FILE]...", "eEfFgiImMnNqQrRsSuUwWXdlcpP:x:", NULL, 1};

struct pager {
  int keys;  // the terminal's descriptor, or -1
  struct termios before;
  int rows;
  int columns;
  int left;  // rows until the page is full
  bool over;
};

// A byte, or 'q' when there will be none.
static char read_key(int fd) {
  char key;
  return read(fd, &key, 1) == 1 ? key : 'q';
}

static void ask(struct pager *pager) {
  writer_text(&out, "\033[7m--More--\033[m");
  writer_flush(&out);
  for (;;) {
    char key = read_key(pager->keys);
    if (key == 'q' || key == 'Q' || key == 3) pager->over = true;
    else if (key == ' ' || key == 'f') pager->left = pager->rows - 1;
    else if (key == '\n' || key == '\r' || key == 'j') pager->left = 1;
    else if (key == 'd') pager->left = pager->rows / 2;
    else continue;
    break;
  }
  writer_text(&out, "\r\033[K");
}

static void show_line(struct pager *pager, const struct line *line) {
  int rows = 1 + (int)((line->length > 0 ? line->length - 1 : 0) / (size_t)pager->columns);
  if (pager->left < rows && pager->left < pager->rows - 1) ask(pager);
  if (pager->over) return;
  pager->left -= rows;
  writer_put(&out, line->text, line->length);
  writer_byte(&out, '\n');
}

static bool page(struct pager *pager, const char *name) {
  struct lines input;
  struct line line;
  if (!lines_open(&input, name, '\n')) return false;
  while (!pager->over && lines_next(&input, &line)) show_line(pager, &line);
  return lines_close(&input);
}

static bool copy(const char *name) {
  enum { PIECE = 65536 };
  int fd = input_open(name);
  if (fd < 0) return false;
  char *piece = must_alloc(PIECE);
  ptrdiff_t count;
  while ((count = input_read(fd, name, piece, PIECE)) > 0) writer_put(&out, piece, (size_t)count);
  free(piece);
  input_close(fd);
  return count == 0;
}

static void find_size(struct pager *pager) {
  struct winsize size = {0};
  pager->rows = 24;
  pager->columns = 80;
  if (ioctl(1, TIOCGWINSZ, &size) == 0 && size.ws_row > 1 && size.ws_col > 0) {
    pager->rows = size.ws_row;
    pager->columns = size.ws_col;
  }
  pager->left = pager->rows - 1;
}

static bool open_keys(struct pager *pager) {
  pager->keys = isatty(1) == 1 ? open("/dev/tty", O_RDWR | O_CLOEXEC) : -1;
  if (pager->keys < 0 || tcgetattr(pager->keys, &pager->before) != 0) return false;
  // Keys one by one, not shown.
  struct termios raw = pager->before;
  raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG);
  raw.c_cc[VMIN] = 1;
  raw.c_cc[VTIME] = 0;
  return tcsetattr(pager->keys, TCSANOW, &raw) == 0;
}

int less_main(int argc, char **argv) {
  static char *const standard[] = {"-", NULL};
  struct pager pager = {.over = false};
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    if (option == OPTIONS_OVER) return options_status;
  }
  bool pages = open_keys(&pager);
  if (pages) find_size(&pager);
  bool good = true;
  for (char *const *names = optind < argc ? argv + optind : standard; *names != NULL; names += 1) {
    good = (pages ? page(&pager, *names) : copy(*names)) && good;
    if (pager.over) break;
  }
  writer_flush(&out);
  if (pages) tcsetattr(pager.keys, TCSANOW, &pager.before);
  if (pager.keys >= 0) close(pager.keys);
  return good ? 0 : 1;
}
