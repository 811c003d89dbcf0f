#include "stty.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lib/message.h"
#include "lib/transfer.h"

static const char USAGE[] = "usage: stty [-F DEVICE] [-a | -g | SETTING...]\n";

static int print_size(void) {
  struct winsize size;
  if (ioctl(STDIN_FILENO, TIOCGWINSZ, &size) != 0) {
    message_errno("standard input");
    return 1;
  }
  printf("%u %u\n", size.ws_row, size.ws_col);
  return finish_output(0);
}

static int print_saved(const struct termios *terminal) {
  printf("%x:%x:%x:%x", (unsigned)terminal->c_iflag, (unsigned)terminal->c_oflag, (unsigned)terminal->c_cflag,
         (unsigned)terminal->c_lflag);
  for (int index = 0; index < (int)NCCS; index += 1) printf(":%x", terminal->c_cc[index]);
  putchar('\n');
  return finish_output(0);
}

static int apply_all(char **words, struct termios *terminal) {
  for (; *words != NULL; words += 1) {
    bool used;
    if (!apply_stty_word(terminal, *words, words[1], &used)) {
      message("invalid argument '%s'", *words);
      return 1;
    }
    if (used) words += 1;
  }
  if (tcsetattr(STDIN_FILENO, TCSADRAIN, terminal) == 0) return 0;
  message_errno("standard input");
  return 1;
}

// The device takes the place of standard input, so that all else is the same.
static bool open_device(const char *path) {
  int device = open(path, O_RDONLY | O_NONBLOCK);
  if (device >= 0 && dup2(device, STDIN_FILENO) >= 0) return true;
  message_errno("%s", path);
  return false;
}

int stty_main(int argc, char **argv) {
  (void)argc;
  char **words = argv + 1;
  if (*words != NULL && strcmp(*words, "--help") == 0) return fputs(USAGE, stdout), finish_output(0);
  if (*words != NULL && strncmp(*words, "-F", 2) == 0) {
    const char *path = (*words)[2] != '\0' ? *words + 2 : *++words;
    if (path == NULL) return fputs(USAGE, stderr), 1;
    if (!open_device(path)) return 1;
    words += 1;
  }
  struct termios terminal;
  if (tcgetattr(STDIN_FILENO, &terminal) != 0) {
    message_errno("standard input");
    return 1;
  }
  const char *first = *words;
  if (first == NULL) return print_stty_changed(&terminal), finish_output(0);
  if (words[1] == NULL && strcmp(first, "-a") == 0) return print_stty_all(&terminal), finish_output(0);
  if (words[1] == NULL && strcmp(first, "-g") == 0) return print_saved(&terminal);
  if (words[1] == NULL && strcmp(first, "size") == 0) return print_size();
  return apply_all(words, &terminal);
}
