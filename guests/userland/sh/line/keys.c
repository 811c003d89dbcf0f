#include "sh/line/keys.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "sh/signals/trap.h"

enum { CONTROL = 0x1F, ESCAPE = 0x1B, RUBOUT = 0x7F };

struct binding {
  const char *bytes;
  enum key_kind kind;
};

// Ctrl and a letter is the letter's number in the alphabet.
static const enum key_kind controls[CONTROL + 1] = {
  ['A' & CONTROL] = KEY_HOME,           ['B' & CONTROL] = KEY_LEFT,       ['C' & CONTROL] = KEY_INTERRUPT,
  ['D' & CONTROL] = KEY_DELETE_OR_END,  ['E' & CONTROL] = KEY_END,        ['F' & CONTROL] = KEY_RIGHT,
  ['G' & CONTROL] = KEY_CANCEL,         ['H' & CONTROL] = KEY_BACKSPACE,  ['I' & CONTROL] = KEY_COMPLETE,
  ['J' & CONTROL] = KEY_ENTER,          ['K' & CONTROL] = KEY_KILL_TO_END, ['L' & CONTROL] = KEY_CLEAR,
  ['M' & CONTROL] = KEY_ENTER,          ['N' & CONTROL] = KEY_DOWN,       ['P' & CONTROL] = KEY_UP,
  ['R' & CONTROL] = KEY_SEARCH,         ['U' & CONTROL] = KEY_KILL_TO_START,
  ['W' & CONTROL] = KEY_KILL_WORD_LEFT, ['Y' & CONTROL] = KEY_YANK,
};

// Behind an escape.
static const struct binding sequences[] = {
  {"[A", KEY_UP},          {"[B", KEY_DOWN},         {"[C", KEY_RIGHT},         {"[D", KEY_LEFT},
  {"OA", KEY_UP},          {"OB", KEY_DOWN},         {"OC", KEY_RIGHT},         {"OD", KEY_LEFT},
  {"[H", KEY_HOME},        {"[F", KEY_END},          {"OH", KEY_HOME},          {"OF", KEY_END},
  {"[1~", KEY_HOME},       {"[4~", KEY_END},         {"[7~", KEY_HOME},         {"[8~", KEY_END},
  {"[3~", KEY_DELETE},     {"[1;5C", KEY_WORD_RIGHT}, {"[1;5D", KEY_WORD_LEFT}, {"[1;3C", KEY_WORD_RIGHT},
  {"[1;3D", KEY_WORD_LEFT}, {"b", KEY_WORD_LEFT},    {"f", KEY_WORD_RIGHT},     {"d", KEY_KILL_WORD_RIGHT},
  {"\177", KEY_KILL_WORD_LEFT},
};

// A byte more of a key that has begun, whatever signals come. False: there is none.
static bool read_more(unsigned char *byte) {
  ssize_t count;
  do count = read(0, byte, 1);
  while (count < 0 && errno == EINTR);
  return count == 1;
}

static struct key plain(enum key_kind kind) { return (struct key){.kind = kind}; }

static struct key read_sequence(void) {
  char bytes[8] = "";
  for (size_t length = 0; length + 1 < sizeof bytes; length += 1) {
    unsigned char byte;
    if (!read_more(&byte)) return plain(KEY_NONE);
    bytes[length] = (char)byte;
    // [ and O begin longer ones; digits and semicolons go on.
    if (length == 0 && (byte == '[' || byte == 'O')) continue;
    if (length > 0 && bytes[0] == '[' && strchr("0123456789;", byte) != NULL) continue;
    break;
  }
  for (size_t i = 0; i < sizeof sequences / sizeof *sequences; i += 1) {
    if (strcmp(sequences[i].bytes, bytes) == 0) return plain(sequences[i].kind);
  }
  return plain(KEY_NONE);
}

// The first byte of a character says how many follow.
static struct key read_character(unsigned char first) {
  struct key key = {.kind = KEY_TEXT};
  int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : first >= 0xC0 ? 1 : 0;
  key.text[0] = (char)first;
  for (int i = 1; i <= more; i += 1) {
    unsigned char byte;
    if (!read_more(&byte)) break;
    key.text[i] = (char)byte;
  }
  return key;
}

struct key read_key(void) {
  unsigned char byte;
  ssize_t count = read_or_signal(0, &byte, 1);
  if (count < 0) return plain(errno == EINTR ? KEY_SIGNAL : KEY_END_OF_INPUT);
  if (count == 0) return plain(KEY_END_OF_INPUT);
  if (byte == ESCAPE) return read_sequence();
  if (byte == RUBOUT) return plain(KEY_BACKSPACE);
  if (byte <= CONTROL) return plain(controls[byte]);
  return read_character(byte);
}
