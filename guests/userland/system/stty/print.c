#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "stty.h"

static const char *key_text(cc_t key, char text[8]) {
  if (key == 0) snprintf(text, 8, "<undef>");
  else if (key == 127) snprintf(text, 8, "^?");
  else if (key < 32) snprintf(text, 8, "^%c", key + 64);
  else snprintf(text, 8, "%c", key);
  return text;
}

static void print_size(void) {
  struct winsize size = {0, 0, 0, 0};
  ioctl(STDIN_FILENO, TIOCGWINSZ, &size);
  printf("speed 38400 baud; rows %u; columns %u;", size.ws_row, size.ws_col);
}

void print_stty_all(struct termios *terminal) {
  char text[8];
  print_size();
  fputs(" line = 0;\n", stdout);
  for (const struct key *key = stty_keys; key->name != NULL; key += 1) {
    printf("%s = %s; ", key->name, key_text(terminal->c_cc[key->index], text));
  }
  printf("min = %d; time = %d;\n", terminal->c_cc[VMIN], terminal->c_cc[VTIME]);
  enum flags last = FLAGS_CONTROL;
  for (const struct setting *setting = stty_settings; setting->name != NULL; setting += 1) {
    bool on = (*stty_flags_of(terminal, setting->flags) & setting->bits) != 0;
    const char *before = setting == stty_settings ? "" : setting->flags == last ? " " : "\n";
    printf("%s%s%s", before, on ? "" : "-", setting->name);
    last = setting->flags;
  }
  putchar('\n');
}

void print_stty_changed(struct termios *terminal) {
  char text[8];
  const char *before = "";
  print_size();
  putchar('\n');
  for (const struct key *key = stty_keys; key->name != NULL; key += 1) {
    if (terminal->c_cc[key->index] == key->sane) continue;
    printf("%s%s = %s;", before, key->name, key_text(terminal->c_cc[key->index], text));
    before = " ";
  }
  for (const struct setting *setting = stty_settings; setting->name != NULL; setting += 1) {
    bool on = (*stty_flags_of(terminal, setting->flags) & setting->bits) != 0;
    if (on == setting->sane) continue;
    printf("%s%s%s", before, on ? "" : "-", setting->name);
    before = " ";
  }
  if (*before != '\0') putchar('\n');
}
