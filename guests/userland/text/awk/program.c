#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/bytes.h"
#include "lib/memory.h"
#include "text/awk/tree.h"

static const char *const NAMES[SPECIALS] = {"NF", "NR", "FNR", "FS", "OFS", "ORS", "RS", "SUBSEP", "CONVFMT",
                                            "OFMT", "RSTART", "RLENGTH", "FILENAME", "ENVIRON", "ARGC", "ARGV"};

void program_start(struct program *program) {
  *program = (struct program){NULL, 0, NULL, 0, NULL, 0, NULL, 0};
  for (int slot = 0; slot < SPECIALS; slot += 1) program_global(program, NAMES[slot], strlen(NAMES[slot]));
}

int program_global(struct program *program, const char *name, size_t length) {
  for (size_t index = 0; index < program->function_count; index += 1) {
    const char *other = program->functions[index]->name;
    if (strlen(other) == length && memcmp(other, name, length) == 0) return -1;
  }
  for (size_t index = 0; index < program->global_count; index += 1) {
    const char *other = program->globals[index];
    if (strlen(other) == length && memcmp(other, name, length) == 0) return (int)index;
  }
  program->globals = must_grow(program->globals, program->global_count + 1, sizeof *program->globals);
  program->globals[program->global_count] = must_copy_part(name, length);
  return (int)program->global_count++;
}

static void free_function(struct function *function) {
  for (int index = 0; index < function->count; index += 1) free(function->parameters[index]);
  free(function->parameters);
  free(function->name);
  free(function);
}

void program_free(struct program *program) {
  for (size_t index = 0; index < program->node_count; index += 1) {
    value_drop(&program->nodes[index]->value);
    pattern_free(program->nodes[index]->pattern);
    free(program->nodes[index]);
  }
  for (size_t index = 0; index < program->function_count; index += 1) free_function(program->functions[index]);
  for (size_t index = 0; index < program->global_count; index += 1) free(program->globals[index]);
  free(program->nodes);
  free(program->functions);
  free(program->globals);
  free(program->rules);
}

// A bracket expression of awk, where a backslash escapes: POSIX has other ways for the same.
static size_t add_bracket(const char *text, size_t length, size_t at, struct bytes *to) {
  struct bytes inner = BYTES_NONE;
  struct bytes letter = BYTES_NONE;
  bool close = false;
  bool dash = false;
  bool caret = false;
  size_t start = at + 1;
  bytes_byte(to, '[');
  if (start < length && text[start] == '^') bytes_byte(to, text[start++]);
  bytes_clear(&inner);
  for (at = start; at < length && (text[at] != ']' || at == start); at += 1) {
    bool class = text[at] == '[' && at + 1 < length && strchr(":.=", text[at + 1]) != NULL && text[at + 1] != '\0';
    char closing[] = {class ? text[at + 1] : ' ', ']'};
    const char *end = class ? memmem(text + at + 2, length - at - 2, closing, 2) : NULL;
    if (end != NULL) {
      size_t size = (size_t)(end - text) + 2 - at;
      bytes_add(&inner, text + at, size);
      at += size - 1;
      continue;
    }
    char byte = text[at];
    bool escaped = byte == '\\' && at + 1 < length;
    if (escaped) {
      size_t size = 2;
      for (; size < 4 && at + size < length && text[at + 1] >= '0' && text[at + 1] <= '7' &&
             text[at + size] >= '0' && text[at + size] <= '7';) size += 1;
      unescape_string(text + at, size, &letter);
      byte = letter.data[letter.length - 1];
      at += size - 1;
    }
    if (byte == ']') close = true;
    else if (escaped && byte == '-') dash = true;
    else if (byte == '^' && inner.length == 0) caret = true;
    else bytes_byte(&inner, byte);
  }
  bool lone_caret = caret && !close && inner.length == 0 && !dash && to->data[to->length - 1] == '[';
  if (lone_caret) {
    // In brackets of its own, a caret would be the first.
    to->data[to->length - 1] = '\\';
    bytes_byte(to, '^');
  } else {
    if (close) bytes_byte(to, ']');
    bytes_add(to, inner.data, inner.length);
    if (caret) bytes_byte(to, '^');
    if (dash) bytes_byte(to, '-');
    if (at < length) bytes_byte(to, ']');
  }
  bytes_free(&inner);
  bytes_free(&letter);
  return at < length ? at + 1 : at;
}

// An escape outside of brackets; where it ends.
static size_t add_escape(const char *text, size_t length, size_t at, struct bytes *to) {
  char byte = text[at + 1];
  if (byte >= '0' && byte <= '7') {
    int value = 0;
    size_t end = at + 1;
    for (; end < length && end < at + 4 && text[end] >= '0' && text[end] <= '7'; end += 1) {
      value = value * 8 + (text[end] - '0');
    }
    if (value != 0 && strchr(".[\\()*+?{|^$", value) != NULL) bytes_byte(to, '\\');
    bytes_byte(to, (char)value);
    return end;
  }
  if (byte == '/' || byte == '"' || byte == '&') {
    bytes_byte(to, byte);
    return at + 2;
  }
  bytes_byte(to, '\\');
  bytes_byte(to, byte == 'y' ? 'b' : byte);
  return at + 2;
}

struct pattern *regex_new(const char *text, size_t length, const char **why) {
  struct bytes posix = BYTES_NONE;
  bytes_clear(&posix);
  for (size_t at = 0; at < length;) {
    if (text[at] == '\\' && at + 1 < length) at = add_escape(text, length, at, &posix);
    else if (text[at] == '[') at = add_bracket(text, length, at, &posix);
    else bytes_byte(&posix, text[at++]);
  }
  struct pattern *pattern = pattern_new(posix.data, posix.length, PATTERN_EXTENDED, why);
  bytes_free(&posix);
  return pattern;
}
