#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/memory.h"
#include "lib/message.h"
#include "xargs.h"

struct text {
  char *bytes;
  size_t length, room;
};

static void add_byte(struct text *text, int byte) {
  if (text->length + 1 >= text->room) {
    text->room = text->room == 0 ? 64 : text->room * 2;
    text->bytes = must_realloc(text->bytes, text->room);
  }
  text->bytes[text->length++] = (char)byte;
  text->bytes[text->length] = '\0';
}

static enum item read_delimited(int delimiter, char **item) {
  struct text text = {NULL, 0, 0};
  int byte;
  while ((byte = getchar()) != EOF && byte != delimiter) add_byte(&text, byte);
  if (byte == EOF && text.length == 0) {
    free(text.bytes);
    return ITEM_END;
  }
  *item = text.bytes == NULL ? must_copy("") : text.bytes;
  return ITEM_READ;
}

static bool is_blank(int byte) { return byte == ' ' || byte == '\t'; }

// What is between two quotes of a kind. False when the line ends before.
static bool read_quoted(struct text *text, int quote) {
  int byte;
  while ((byte = getchar()) != quote) {
    if (byte == EOF || byte == '\n') {
      message("unmatched %s quote", quote == '"' ? "double" : "single");
      return false;
    }
    add_byte(text, byte);
  }
  return true;
}

// Blanks up to the next item; those behind one on its line tell whether the line ends.
static int skip_blanks(bool newlines) {
  int byte = getchar();
  while (is_blank(byte) || (newlines && byte == '\n')) byte = getchar();
  return byte;
}

static enum item read_word(bool by_line, char **item, bool *line_ends) {
  struct text text = {NULL, 0, 0};
  int byte = skip_blanks(true);
  if (byte == EOF) return ITEM_END;
  while (byte != EOF && byte != '\n' && (by_line || !is_blank(byte))) {
    if (byte == '\'' || byte == '"') {
      if (!read_quoted(&text, byte)) return free(text.bytes), ITEM_BAD;
    } else if (byte == '\\') {
      byte = getchar();
      if (byte != EOF) add_byte(&text, byte);
    } else {
      add_byte(&text, byte);
    }
    byte = getchar();
  }
  // A blank at the end of a line goes on with the next one.
  *line_ends = byte == '\n' || byte == EOF;
  *item = text.bytes == NULL ? must_copy("") : text.bytes;
  return ITEM_READ;
}

enum item read_xargs_item(const struct splitting *splitting, char **item, bool *line_ends) {
  *line_ends = true;
  enum item result = splitting->delimiter >= 0 ? read_delimited(splitting->delimiter, item)
                                               : read_word(splitting->by_line, item, line_ends);
  if (result != ITEM_READ || splitting->end == NULL || strcmp(*item, splitting->end) != 0) return result;
  free(*item);
  return ITEM_END;
}
