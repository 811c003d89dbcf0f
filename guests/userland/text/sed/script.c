// Text becomes commands.
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "text/sed/sed.h"

static struct command *add_command(struct script *script) {
  if (script->count == script->size) {
    script->size = script->size == 0 ? 16 : script->size * 2;
    script->commands = must_grow(script->commands, script->size, sizeof *script->commands);
  }
  struct command *command = &script->commands[script->count++];
  *command = (struct command){.text = BYTES_NONE};
  return command;
}

// Blanks, newlines, semicolons and comments.
static void skip_between(struct source *source) {
  for (;;) {
    int byte = source_peek(source);
    if (byte == '#') {
      while (source_peek(source) >= 0 && source_peek(source) != '\n') source->at += 1;
    } else if (byte < 0 || (!isspace(byte) && byte != ';')) {
      return;
    } else {
      source->at += 1;
    }
  }
}

// The second address, which has forms of its own.
static bool parse_second(struct source *source, struct command *command) {
  int byte = source_peek(source);
  if (byte == '+' || byte == '~') {
    source->at += 1;
    if (!isdigit(source_peek(source))) return source_fail(source, "expected number");
    command->to.kind = byte == '+' ? ADDRESS_MORE : ADDRESS_MULTIPLE;
    return source_number(source, &command->to.number);
  }
  if (!parse_address(source, &command->to)) return false;
  if (command->to.kind == ADDRESS_NONE) return source_fail(source, "unexpected `,'");
  // As a second address, first~step is a line.
  if (command->to.kind == ADDRESS_STEP) command->to.kind = ADDRESS_LINE;
  return true;
}

static bool parse_addresses(struct source *source, struct command *command) {
  if (!parse_address(source, &command->from)) return false;
  source_skip_blanks(source);
  if (command->from.kind != ADDRESS_NONE && source_peek(source) == ',') {
    source->at += 1;
    source_skip_blanks(source);
    if (!parse_second(source, command)) return false;
    source_skip_blanks(source);
  }
  bool zero = command->from.kind == ADDRESS_LINE && command->from.number == 0;
  if (zero && command->to.kind != ADDRESS_REGEX) return source_fail(source, "invalid usage of line address 0");
  if (zero) {
    command->from.kind = ADDRESS_ZERO;
    command->in_range = true;
  }
  if (source_peek(source) != '!') return true;
  source->at += 1;
  command->negated = true;
  source_skip_blanks(source);
  return source_peek(source) != '!' || source_fail(source, "multiple `!'s");
}

// Nothing but blanks, a semicolon or a comment may follow.
static bool parse_end(struct source *source) {
  source_skip_blanks(source);
  int byte = source_peek(source);
  if (byte < 0 || strchr("\n;}#\r", byte) != NULL) return true;
  return source_fail(source, "extra characters after command");
}

// The text of a, i, c: behind a backslash and a newline, or on the same line.
static bool parse_text(struct source *source, struct command *command) {
  bytes_clear(&command->text);
  source_skip_blanks(source);
  bool nothing = source_peek(source) < 0 || source_peek(source) == '\n';
  if (source_peek(source) == '\\') {
    source->at += 1;
    size_t kept = source->at;
    source_skip_blanks(source);
    if (source_peek(source) == '\n') source->at += 1;
    // A backslash in front of the text keeps its blanks.
    else source->at = kept;
  }
  if (nothing) return source_fail(source, "expected \\ after `a', `c' or `i'");
  for (int byte; (byte = source_next(source)) >= 0 && byte != '\n';) {
    if (byte == '\\') byte = source_next(source);
    if (byte < 0) break;
    bytes_byte(&command->text, (char)byte);
  }
  // A backslash that ends the script has no text behind it.
  bool empty = command->text.length == 0 && source->text[source->length - 1] == '\\';
  if (!empty) bytes_byte(&command->text, '\n');
  return true;
}

// The rest of the line: a file.
static void parse_line(struct source *source, struct bytes *to) {
  bytes_clear(to);
  source_skip_blanks(source);
  while (source_peek(source) >= 0 && source_peek(source) != '\n') bytes_byte(to, (char)source_next(source));
}

static bool parse_label(struct source *source, struct command *command) {
  bytes_clear(&command->text);
  source_skip_blanks(source);
  // A label of : may have a semicolon in it; those of jumps end there.
  const char *ends = command->name == ':' ? "\n" : "\n;}";
  while (source_peek(source) >= 0 && strchr(ends, source_peek(source)) == NULL) {
    bytes_byte(&command->text, (char)source_next(source));
  }
  if (command->name == ':') {
    // GNU's end at a blank or a semicolon.
    size_t length = strcspn(command->text.data, "; \t");
    source->at -= command->text.length - length;
    command->text.length = length;
    command->text.data[length] = '\0';
    if (length == 0) return source_fail(source, "\":\" lacks a label");
    if (command->from.kind != ADDRESS_NONE) return source_fail(source, ": doesn't want any addresses");
    return true;
  }
  while (command->text.length > 0 && isspace((unsigned char)command->text.data[command->text.length - 1])) {
    command->text.data[--command->text.length] = '\0';
  }
  return true;
}

static bool parse_file(struct source *source, struct command *command) {
  parse_line(source, &command->text);
  if (command->name == 'w' || command->name == 'W') {
    command->output = source_output(source, &command->text);
    return command->output != NULL;
  }
  return command->text.length > 0 || source_fail(source, "missing filename in r/R/w/W commands");
}

static bool parse_status(struct source *source, struct command *command) {
  source_skip_blanks(source);
  command->number = command->name == 'l' ? -1 : 0;
  if (isdigit(source_peek(source)) && !source_number(source, &command->number)) return false;
  if (strchr("qQ", command->name) != NULL && command->to.kind != ADDRESS_NONE) {
    return source_fail(source, "command only uses one address");
  }
  return parse_end(source);
}

static bool parse_command(struct source *source, struct command *command) {
  int name = source_next(source);
  command->name = (char)name;
  if (name < 0) return source_fail(source, "missing command");
  switch (name) {
    case '{': return true;
    case '}':
      if (command->from.kind != ADDRESS_NONE) return source_fail(source, "} doesn't want any addresses");
      return parse_end(source);
    case 'a':
    case 'i':
    case 'c': return parse_text(source, command);
    case ':':
    case 'b':
    case 't':
    case 'T': return parse_label(source, command);
    case 'r':
    case 'R':
    case 'w':
    case 'W': return parse_file(source, command);
    case 'q':
    case 'Q':
    case 'l':
    case 'L': return parse_status(source, command);
    case 's': return parse_substitution(source, command) && parse_end(source);
    case 'y': return parse_map(source, command) && parse_end(source);
    case 'v': parse_line(source, &command->text); return true;
    case 'e': return source_fail(source, "the e command is not supported");
    default: break;
  }
  if (strchr("dDgGhHnNpPxz=F", name) == NULL) return source_fail(source, "unknown command");
  return parse_end(source);
}

// Each { gets the place behind its }.
static bool match_braces(struct source *source) {
  struct script *script = source->script;
  size_t *open = must_grow(NULL, script->count + 1, sizeof *open);
  size_t depth = 0;
  bool good = true;
  for (size_t index = 0; good && index < script->count; index += 1) {
    if (script->commands[index].name == '{') open[depth++] = index;
    if (script->commands[index].name != '}') continue;
    if (depth == 0) good = source_fail(source, "unexpected `}'");
    else script->commands[open[--depth]].jump = index + 1;
  }
  free(open);
  return good && (depth == 0 || source_fail(source, "unmatched `{'"));
}

static bool find_label(const struct source *source, struct command *command) {
  struct script *script = source->script;
  command->jump = script->count;
  if (command->text.length == 0) return true;
  for (size_t index = 0; index < script->count; index += 1) {
    const struct command *other = &script->commands[index];
    if (other->name != ':' || strcmp(other->text.data, command->text.data) != 0) continue;
    command->jump = index;
    return true;
  }
  return source_fail(source, "can't find label for jump");
}

bool script_parse(struct script *script, const char *text, size_t length, const struct options_of_sed *options) {
  struct source source = {text, length, 0, options, script};
  for (skip_between(&source); source_peek(&source) >= 0; skip_between(&source)) {
    struct command *command = add_command(script);
    if (!parse_addresses(&source, command) || !parse_command(&source, command)) return false;
  }
  if (!match_braces(&source)) return false;
  for (size_t index = 0; index < script->count; index += 1) {
    struct command *command = &script->commands[index];
    if (strchr("btT", command->name) != NULL && !find_label(&source, command)) return false;
  }
  return true;
}

void script_free(struct script *script) {
  for (size_t index = 0; index < script->count; index += 1) {
    struct command *command = &script->commands[index];
    pattern_free(command->from.pattern);
    pattern_free(command->to.pattern);
    bytes_free(&command->text);
    substitution_free(command->substitution);
    free(command->map);
  }
  free(script->commands);
  while (script->outputs != NULL) {
    struct output *next = script->outputs->next;
    writer_close(&script->outputs->own);
    free(script->outputs->name);
    free(script->outputs);
    script->outputs = next;
  }
}
