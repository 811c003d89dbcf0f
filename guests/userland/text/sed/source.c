#include <ctype.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "lib/memory.h"
#include "lib/message.h"
#include "text/sed/sed.h"

int source_peek(const struct source *source) {
  return source->at < source->length ? (unsigned char)source->text[source->at] : -1;
}

int source_next(struct source *source) {
  int byte = source_peek(source);
  if (byte >= 0) source->at += 1;
  return byte;
}

void source_skip_blanks(struct source *source) {
  while (source_peek(source) == ' ' || source_peek(source) == '\t') source->at += 1;
}

bool source_fail(const struct source *source, const char *why) {
  message("char %zu: %s", source->at, why);
  return false;
}

bool source_number(struct source *source, int64_t *number) {
  *number = 0;
  for (; isdigit(source_peek(source)); source->at += 1) {
    if (__builtin_mul_overflow(*number, 10, number) ||
        __builtin_add_overflow(*number, source_peek(source) - '0', number)) {
      return source_fail(source, "number too large");
    }
  }
  return true;
}

// The number of at most `most` digits; false without any.
static bool coded(const char *text, size_t length, size_t *at, int base, size_t most, char *byte) {
  int value = 0;
  size_t start = *at + 1;
  size_t next = start;
  for (; next < length && next - start < most; next += 1) {
    int digit = isdigit((unsigned char)text[next]) ? text[next] - '0'
                : isxdigit((unsigned char)text[next]) ? tolower((unsigned char)text[next]) - 'a' + 10 : 99;
    if (digit >= base) break;
    value = value * base + digit;
  }
  if (next == start) return false;
  *byte = (char)value;
  *at = next;
  return true;
}

bool escape_byte(const char *text, size_t length, size_t *at, char *byte) {
  static const char letters[] = "afnrtv";
  static const char meanings[] = "\a\f\n\r\t\v";
  char letter = text[*at];
  const char *found = letter == '\0' ? NULL : strchr(letters, letter);
  if (found != NULL) {
    *byte = meanings[found - letters];
    *at += 1;
    return true;
  }
  if (letter == 'x') return coded(text, length, at, 16, 2, byte);
  if (letter == 'o') return coded(text, length, at, 8, 3, byte);
  if (letter == 'd') return coded(text, length, at, 10, 3, byte);
  if (letter != 'c' || *at + 1 >= length) return false;
  *byte = (char)(toupper((unsigned char)text[*at + 1]) ^ 0x40);
  *at += 2;
  return true;
}

// Adds the bracket expression that starts here to `to`. False when it does not end.
static bool copy_bracket(struct source *source, struct bytes *to) {
  size_t at = source->at + 1;
  const char *text = source->text;
  if (at < source->length && text[at] == '^') at += 1;
  if (at < source->length && text[at] == ']') at += 1;
  for (; at < source->length && text[at] != ']' && text[at] != '\n'; at += 1) {
    bool class = text[at] == '[' && at + 1 < source->length && strchr(":.=", text[at + 1]) != NULL && text[at + 1] != '\0';
    if (!class) continue;
    char closing[] = {text[at + 1], ']'};
    const char *end = memmem(text + at + 2, source->length - at - 2, closing, 2);
    if (end == NULL) return false;
    at = (size_t)(end - text) + 1;
  }
  if (at >= source->length || text[at] != ']') return false;
  bytes_add(to, text + source->at, at + 1 - source->at);
  source->at = at + 1;
  return true;
}

bool source_delimited(struct source *source, char delimiter, bool regex, struct bytes *to) {
  bytes_clear(to);
  for (;;) {
    if (regex && source_peek(source) == '[' && delimiter != '[' && copy_bracket(source, to)) continue;
    int byte = source_next(source);
    if (byte < 0 || (byte == '\n' && regex)) return source_fail(source, "unterminated address regex or command");
    if ((char)byte == delimiter) return true;
    if (byte == '\\') {
      byte = source_next(source);
      if (byte < 0) return source_fail(source, "unterminated address regex or command");
      // The delimiter is itself; \n stays what it is even when it is one.
      bool plain = (char)byte == delimiter && !(byte == '&' && !regex);
      if (!plain) bytes_byte(to, '\\');
      else if (byte == 'n' && regex) byte = '\n';
    }
    bytes_byte(to, (char)byte);
  }
}

// Escapes that stand for a byte become that byte, also in brackets; one that would mean something is escaped.
static void resolve_escapes(const struct bytes *text, struct bytes *to) {
  bool bracket = false;
  size_t bracket_start = 0;
  bytes_clear(to);
  for (size_t at = 0; at < text->length;) {
    char byte = text->data[at++];
    if (byte == '\\' && at < text->length) {
      size_t letter = at;
      char meant;
      if (escape_byte(text->data, text->length, &at, &meant)) {
        bool coded_byte = at > letter + 1;
        if (!bracket && coded_byte && strchr("*.[]\\^$+?(){}|/", meant) != NULL) bytes_byte(to, '\\');
        bytes_byte(to, meant);
        continue;
      }
      bytes_byte(to, '\\');
      if (!bracket) bytes_byte(to, text->data[at++]);
      continue;
    }
    bool opens = byte == '[' && !bracket;
    if (opens) bracket_start = at + (at < text->length && text->data[at] == '^');
    // A class within brackets has a bracket of its own.
    if (bracket && byte == '[' && at < text->length && strchr(":.=", text->data[at]) != NULL) {
      char closing[] = {text->data[at], ']'};
      const char *end = memmem(text->data + at + 1, text->length - at - 1, closing, 2);
      size_t length = end == NULL ? 0 : (size_t)(end - text->data) + 2 - at;
      bytes_byte(to, byte);
      bytes_add(to, text->data + at, length);
      at += length;
      continue;
    }
    if (bracket && byte == ']' && at - 1 != bracket_start) bracket = false;
    if (opens) bracket = true;
    bytes_byte(to, byte);
  }
}

bool source_pattern(struct source *source, const struct bytes *text, int flags, struct pattern **pattern) {
  const char *why = "";
  *pattern = NULL;
  if (text->length == 0) return true;
  struct bytes resolved = BYTES_NONE;
  resolve_escapes(text, &resolved);
  if (source->options->extended) flags |= PATTERN_EXTENDED;
  *pattern = pattern_new(resolved.data, resolved.length, flags, &why);
  bytes_free(&resolved);
  return *pattern != NULL || source_fail(source, why);
}

struct output *source_output(struct source *source, const struct bytes *name) {
  struct script *script = source->script;
  if (name->length == 0) {
    source_fail(source, "missing filename in r/R/w/W commands");
    return NULL;
  }
  if (strcmp(name->data, "/dev/stdout") == 0) return &script->standard;
  for (struct output *output = script->outputs; output != NULL; output = output->next) {
    if (strcmp(output->name, name->data) == 0) return output;
  }
  bool error = strcmp(name->data, "/dev/stderr") == 0;
  int fd = error ? 2 : open(name->data, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0) {
    message_errno("couldn't open file %s", name->data);
    return NULL;
  }
  struct output *output = must_alloc(sizeof *output);
  *output = (struct output){.name = must_copy(name->data), .next = script->outputs};
  writer_open(&output->own, fd, output->name);
  output->writer = &output->own;
  script->outputs = output;
  return output;
}
