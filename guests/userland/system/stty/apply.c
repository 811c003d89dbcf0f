#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lib/number.h"
#include "stty.h"

static void set(struct termios *terminal, const struct setting *setting, bool on) {
  tcflag_t *flags = stty_flags_of(terminal, setting->flags);
  *flags = on ? *flags | setting->bits : *flags & ~setting->bits;
}

static void make_sane(struct termios *terminal) {
  for (const struct setting *setting = stty_settings; setting->name != NULL; setting += 1) set(terminal, setting, setting->sane);
  for (const struct key *key = stty_keys; key->name != NULL; key += 1) terminal->c_cc[key->index] = key->sane;
  terminal->c_cc[VMIN] = 1;
  terminal->c_cc[VTIME] = 0;
}

static void make_raw(struct termios *terminal) {
  cfmakeraw(terminal);
  terminal->c_cc[VMIN] = 1;
  terminal->c_cc[VTIME] = 0;
}

// The opposite of raw and of cbreak: lines, signals and output as always.
static void make_cooked(struct termios *terminal) {
  terminal->c_iflag |= BRKINT | IGNPAR | ISTRIP | ICRNL | IXON;
  terminal->c_iflag &= ~(tcflag_t)ISTRIP;
  terminal->c_oflag |= OPOST;
  terminal->c_lflag |= ISIG | ICANON;
}

static bool apply_group(struct termios *terminal, const char *word) {
  bool off = *word == '-';
  const char *name = word + (off ? 1 : 0);
  if (strcmp(word, "sane") == 0) make_sane(terminal);
  else if (strcmp(name, "raw") == 0) (off ? make_cooked : make_raw)(terminal);
  else if (strcmp(name, "cooked") == 0) (off ? make_raw : make_cooked)(terminal);
  else if (strcmp(name, "cbreak") == 0) terminal->c_lflag = off ? terminal->c_lflag | ICANON : terminal->c_lflag & ~(tcflag_t)ICANON;
  else if (strcmp(name, "nl") == 0) {
    terminal->c_iflag = off ? terminal->c_iflag | ICRNL : terminal->c_iflag & ~(tcflag_t)ICRNL;
    terminal->c_oflag = off ? terminal->c_oflag | ONLCR : terminal->c_oflag & ~(tcflag_t)ONLCR;
  } else if (strcmp(word, "ek") == 0) {
    terminal->c_cc[VERASE] = 127;
    terminal->c_cc[VKILL] = 21;
  } else {
    return false;
  }
  return true;
}

// ^C, ^?, ^- or undef, or the character itself.
static bool parse_key(const char *text, cc_t *key) {
  if (strcmp(text, "undef") == 0 || strcmp(text, "^-") == 0) return *key = 0, true;
  if (text[0] == '^' && text[1] != '\0' && text[2] == '\0') {
    *key = text[1] == '?' ? 127 : (cc_t)(text[1] & 31);
    return true;
  }
  *key = (cc_t)text[0];
  return text[0] != '\0' && text[1] == '\0';
}

static bool set_size(const char *word, const char *text) {
  int64_t value;
  struct winsize size;
  if (!parse_number(text, UINT16_MAX, &value) || ioctl(STDIN_FILENO, TIOCGWINSZ, &size) != 0) return false;
  if (strcmp(word, "rows") == 0) size.ws_row = (unsigned short)value;
  else size.ws_col = (unsigned short)value;
  return ioctl(STDIN_FILENO, TIOCSWINSZ, &size) == 0;
}

static bool apply_pair(struct termios *terminal, const char *word, const char *next) {
  int64_t value;
  if (strcmp(word, "rows") == 0 || strcmp(word, "cols") == 0 || strcmp(word, "columns") == 0) return set_size(word, next);
  if (strcmp(word, "min") == 0 || strcmp(word, "time") == 0) {
    if (!parse_number(next, 255, &value)) return false;
    terminal->c_cc[*word == 'm' ? VMIN : VTIME] = (cc_t)value;
    return true;
  }
  // The speed of a line that has none.
  if (strcmp(word, "speed") == 0 || strcmp(word, "ispeed") == 0 || strcmp(word, "ospeed") == 0) return parse_number(next, INT32_MAX, &value);
  for (const struct key *key = stty_keys; key->name != NULL; key += 1) {
    if (strcmp(key->name, word) == 0) return parse_key(next, &terminal->c_cc[key->index]);
  }
  return false;
}

// What -g prints: four flags and the keys, in hexadecimal.
static bool apply_saved(struct termios *terminal, const char *word) {
  struct termios saved = *terminal;
  for (int index = 0; index < 4 + (int)NCCS; index += 1) {
    size_t length = strspn(word, "0123456789abcdef");
    if (length == 0 || length > 8) return false;
    uint32_t value = 0;
    for (size_t at = 0; at < length; at += 1) value = value << 4 | (uint32_t)(word[at] <= '9' ? word[at] - '0' : word[at] - 'a' + 10);
    if (index == 0) saved.c_iflag = value;
    else if (index == 1) saved.c_oflag = value;
    else if (index == 2) saved.c_cflag = value;
    else if (index == 3) saved.c_lflag = value;
    else saved.c_cc[index - 4] = (cc_t)value;
    word += length;
    bool last = index == 3 + (int)NCCS;
    if (last ? *word != '\0' : *word != ':') return false;
    word += last ? 0 : 1;
  }
  *terminal = saved;
  return true;
}

bool apply_stty_word(struct termios *terminal, const char *word, const char *next, bool *used) {
  *used = false;
  bool off = *word == '-';
  for (const struct setting *setting = stty_settings; setting->name != NULL; setting += 1) {
    if (strcmp(setting->name, word + (off ? 1 : 0)) != 0) continue;
    set(terminal, setting, !off);
    return true;
  }
  if (apply_group(terminal, word)) return true;
  if (strchr(word, ':') != NULL) return apply_saved(terminal, word);
  *used = true;
  return next != NULL && apply_pair(terminal, word, next);
}
