// tput: what a terminal of today does when it is told to. There is no database: it is one kind.
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include "lib/message.h"
#include "lib/number.h"
#include "lib/options.h"
#include "lib/writer.h"

static const struct options OPTIONS = {"[-T TYPE] CAPABILITY [NUMBER]...", "T:S", NULL, 2};

// What is written; %d stands for an operand.
static const struct {
  const char *name;
  const char *text;
} TEXTS[] = {{"bel", "\a"},           {"blink", "\033[5m"},   {"bold", "\033[1m"},    {"civis", "\033[?25l"},
             {"clear", "\033[H\033[2J"}, {"cnorm", "\033[?25h"}, {"cr", "\r"},           {"cub1", "\b"},
             {"cud1", "\n"},          {"cuf1", "\033[C"},     {"cuu1", "\033[A"},     {"dim", "\033[2m"},
             {"ed", "\033[J"},        {"el", "\033[K"},       {"el1", "\033[1K"},     {"home", "\033[H"},
             {"init", ""},            {"invis", "\033[8m"},   {"op", "\033[39;49m"},  {"rc", "\0338"},
             {"reset", "\033c"},      {"rev", "\033[7m"},     {"rmcup", "\033[?1049l"}, {"rmso", "\033[27m"},
             {"rmul", "\033[24m"},    {"sc", "\0337"},        {"sgr0", "\033[m"},     {"sitm", "\033[3m"},
             {"smcup", "\033[?1049h"}, {"smso", "\033[7m"},   {"smul", "\033[4m"}};

static long screen(const char *variable, bool rows) {
  struct winsize size = {0};
  int64_t number;
  const char *text = getenv(variable);
  if (text != NULL && parse_number(text, 65535, &number) && number > 0) return (long)number;
  for (int fd = 0; fd < 3; fd += 1) {
    if (ioctl(fd, TIOCGWINSZ, &size) != 0) continue;
    if ((rows ? size.ws_row : size.ws_col) > 0) return rows ? size.ws_row : size.ws_col;
  }
  return rows ? 24 : 80;
}

static void color(long number, bool background) {
  int plain = background ? 40 : 30;
  if (number < 8) writer_format(&out, "\033[%ldm", plain + number);
  else if (number < 16) writer_format(&out, "\033[%ldm", plain + 60 + number - 8);
  else writer_format(&out, "\033[%d;5;%ldm", plain + 8, number);
}

// Capabilities with operands. False when it is none of these.
static bool with_numbers(const char *name, const long *numbers) {
  if (strcmp(name, "setaf") == 0 || strcmp(name, "setab") == 0) color(numbers[0], name[4] == 'b');
  else if (strcmp(name, "cup") == 0) writer_format(&out, "\033[%ld;%ldH", numbers[0] + 1, numbers[1] + 1);
  else if (strcmp(name, "cuu") == 0) writer_format(&out, "\033[%ldA", numbers[0]);
  else if (strcmp(name, "cud") == 0) writer_format(&out, "\033[%ldB", numbers[0]);
  else if (strcmp(name, "cuf") == 0) writer_format(&out, "\033[%ldC", numbers[0]);
  else if (strcmp(name, "cub") == 0) writer_format(&out, "\033[%ldD", numbers[0]);
  else return false;
  return true;
}

static bool plain(const char *name) {
  for (size_t index = 0; index < sizeof TEXTS / sizeof *TEXTS; index += 1) {
    if (strcmp(TEXTS[index].name, name) != 0) continue;
    writer_text(&out, TEXTS[index].text);
    return true;
  }
  if (strcmp(name, "cols") == 0) writer_format(&out, "%ld\n", screen("COLUMNS", false));
  else if (strcmp(name, "lines") == 0) writer_format(&out, "%ld\n", screen("LINES", true));
  else if (strcmp(name, "colors") == 0) writer_text(&out, "256\n");
  else if (strcmp(name, "longname") == 0) writer_text(&out, "xterm with 256 colors");
  else return false;
  return true;
}

int tput_main(int argc, char **argv) {
  long numbers[2] = {0, 0};
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    if (option == OPTIONS_OVER) return options_status;
  }
  if (optind >= argc) return usage_error(&OPTIONS, "missing operand");
  for (int index = 0; index < 2 && optind + 1 + index < argc; index += 1) {
    int64_t number;
    if (!parse_number(argv[optind + 1 + index], 65535, &number)) {
      message("invalid number '%s'", argv[optind + 1 + index]);
      return 2;
    }
    numbers[index] = (long)number;
  }
  if (plain(argv[optind]) || with_numbers(argv[optind], numbers)) return writer_finish(0);
  message("unknown terminfo capability '%s'", argv[optind]);
  return 4;
}
