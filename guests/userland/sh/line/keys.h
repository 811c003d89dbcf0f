// What is pressed: bytes of the terminal as keys.
#ifndef SH_KEYS_H
#define SH_KEYS_H

enum key_kind {
  KEY_NONE,  // a sequence that means nothing here
  KEY_TEXT,
  KEY_ENTER,
  KEY_END_OF_INPUT,  // the terminal is gone
  KEY_SIGNAL,        // a signal came in
  KEY_INTERRUPT,     // Ctrl-C
  KEY_DELETE_OR_END, // Ctrl-D
  KEY_BACKSPACE,
  KEY_DELETE,
  KEY_LEFT,
  KEY_RIGHT,
  KEY_UP,
  KEY_DOWN,
  KEY_HOME,
  KEY_END,
  KEY_WORD_LEFT,
  KEY_WORD_RIGHT,
  KEY_KILL_TO_END,
  KEY_KILL_TO_START,
  KEY_KILL_WORD_LEFT,
  KEY_KILL_WORD_RIGHT,
  KEY_YANK,
  KEY_CLEAR,
  KEY_SEARCH,
  KEY_CANCEL,
  KEY_COMPLETE,
};

struct key {
  enum key_kind kind;
  char text[5];  // of KEY_TEXT: one character as UTF-8
};

struct key read_key(void);

#endif
