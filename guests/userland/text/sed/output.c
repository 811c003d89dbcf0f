#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "text/sed/sed.h"

static void pay(struct output *output) {
  if (output->owes) writer_byte(output->writer, '\n');
  output->owes = false;
}

void output_line(struct output *output, const char *text, size_t length, char end, bool ended) {
  pay(output);
  writer_put(output->writer, text, length);
  if (ended) writer_byte(output->writer, end);
  else output->owes = true;
  // What others read while sed runs is there at once.
  if (output->name != NULL) writer_flush(output->writer);
}

void output_put(struct output *output, const char *text, size_t length) {
  if (length == 0) return;
  pay(output);
  writer_put(output->writer, text, length);
}

// A byte as l shows it.
static size_t shown(unsigned char byte, char *text) {
  static const char escaped[] = "\\\a\b\f\n\r\t\v";
  static const char letters[] = "\\abfnrtv";
  const char *found = byte == '\0' ? NULL : strchr(escaped, byte);
  if (found != NULL) {
    text[0] = '\\';
    text[1] = letters[found - escaped];
    return 2;
  }
  if (byte < 0x80 && isprint(byte)) {
    text[0] = (char)byte;
    return 1;
  }
  return (size_t)snprintf(text, 5, "\\%03o", byte);
}

void output_unambiguous(struct output *output, const struct bytes *space, int64_t wrap, char end) {
  int64_t column = 0;
  pay(output);
  for (size_t at = 0; at < space->length; at += 1) {
    char text[8];
    size_t length = shown((unsigned char)space->data[at], text);
    if (wrap > 1 && column + (int64_t)length > wrap - 1) {
      writer_text(output->writer, "\\\n");
      column = 0;
    }
    writer_put(output->writer, text, length);
    column += (int64_t)length;
  }
  writer_byte(output->writer, '$');
  writer_byte(output->writer, end == '\0' ? '\0' : '\n');
}
