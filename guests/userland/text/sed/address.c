#include <ctype.h>
#include <stdlib.h>

#include "text/sed/sed.h"

static bool regex_address(struct source *source, char delimiter, struct address *address) {
  struct bytes text = BYTES_NONE;
  int flags = 0;
  bool good = source_delimited(source, delimiter, true, &text);
  for (; good; source->at += 1) {
    int letter = source_peek(source);
    if (letter == 'I') flags |= PATTERN_IGNORE_CASE;
    else if (letter == 'M') flags |= PATTERN_LINES;
    else break;
  }
  address->kind = ADDRESS_REGEX;
  good = good && source_pattern(source, &text, flags, &address->pattern);
  bytes_free(&text);
  return good;
}

static bool number_address(struct source *source, struct address *address) {
  if (!source_number(source, &address->number)) return false;
  address->kind = ADDRESS_LINE;
  if (source_peek(source) != '~') return true;
  source->at += 1;
  address->kind = ADDRESS_STEP;
  return source_number(source, &address->step);
}

bool parse_address(struct source *source, struct address *address) {
  int byte = source_peek(source);
  *address = (struct address){.kind = ADDRESS_NONE};
  if (isdigit(byte)) return number_address(source, address);
  if (byte == '$') {
    source->at += 1;
    address->kind = ADDRESS_LAST;
    return true;
  }
  if (byte != '/' && byte != '\\') return true;
  source->at += 1;
  int delimiter = byte == '/' ? '/' : source_next(source);
  if (delimiter < 0 || delimiter == '\n') return source_fail(source, "unexpected end of address");
  return regex_address(source, (char)delimiter, address);
}
