// sed: a script that edits lines.
#ifndef TEXT_SED_H
#define TEXT_SED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/bytes.h"
#include "lib/lines.h"
#include "lib/pattern.h"
#include "lib/writer.h"
#include "text/replace-file.h"

enum { BAD_SCRIPT = 1, BAD_INPUT = 2, BAD_OUTPUT = 4 };

enum address_kind {
  ADDRESS_NONE,
  ADDRESS_LINE,
  ADDRESS_STEP,      // first~step
  ADDRESS_LAST,      // $
  ADDRESS_REGEX,     // pattern NULL: the one used last
  ADDRESS_ZERO,      // 0,/re/: the end may be in the first line
  ADDRESS_MORE,      // ,+N
  ADDRESS_MULTIPLE,  // ,~N
};

struct address {
  enum address_kind kind;
  int64_t number;
  int64_t step;
  struct pattern *pattern;
};

// Where lines go: `owes` is that the last one had no newline, which it gets when another one follows.
struct output {
  char *name;
  struct writer own;
  struct writer *writer;
  bool owes;
  struct output *next;
};

enum part_kind { PART_TEXT, PART_GROUP, PART_CASE };

// A piece of a replacement: text, \0 to \9, or one of \L \U \l \u \E.
struct part {
  enum part_kind kind;
  struct bytes text;
  int group;
  char letter;
};

struct substitution {
  struct pattern *pattern;
  struct part *parts;
  size_t part_count;
  int64_t number;
  bool global;
  bool print;
  struct output *output;
};

struct command {
  struct address from;
  struct address to;
  bool negated;
  bool in_range;
  int64_t range_end;
  char name;
  struct bytes text;  // a i c; the file of r R; the label of : b t T
  int64_t number;     // q Q l L
  size_t jump;        // { b t T: where it goes on
  struct output *output;
  struct substitution *substitution;
  unsigned char *map;  // y
};

struct script {
  struct command *commands;
  size_t count;
  size_t size;
  struct output *outputs;
  struct output standard;
};

struct options_of_sed {
  bool quiet;
  bool extended;
  bool separate;
  bool in_place;
  const char *suffix;
  bool unbuffered;
  char line_end;
  int64_t wrap;
};

// script.c, parse.c: false, and the reason said, when the text is no script.
bool script_parse(struct script *script, const char *text, size_t length, const struct options_of_sed *options);
void script_free(struct script *script);

// The text that is parsed.
struct source {
  const char *text;
  size_t length;
  size_t at;
  const struct options_of_sed *options;
  struct script *script;
};

// source.c
int source_peek(const struct source *source);
int source_next(struct source *source);
void source_skip_blanks(struct source *source);
// Says what is wrong; always false.
bool source_fail(const struct source *source, const char *why);
bool source_number(struct source *source, int64_t *number);
// Up to the delimiter, which may stand in it with a backslash. With `regex`, one in brackets is no end.
bool source_delimited(struct source *source, char delimiter, bool regex, struct bytes *to);
// The pattern of a regular expression; NULL in `*pattern` stands for the one used last.
bool source_pattern(struct source *source, const struct bytes *text, int flags, struct pattern **pattern);
// A byte written as \t \n \xHH \oNNN \dNNN \cX, whose letter is at `*at`. False when it is none of these.
bool escape_byte(const char *text, size_t length, size_t *at, char *byte);
// The output of that name, opened once.
struct output *source_output(struct source *source, const struct bytes *name);

// substitution.c: behind the s, or behind the y.
bool parse_substitution(struct source *source, struct command *command);
bool parse_map(struct source *source, struct command *command);
void substitution_free(struct substitution *substitution);

// address.c
bool parse_address(struct source *source, struct address *address);

// input.c: all files as one, or one by one.
struct input {
  const struct options_of_sed *options;
  char *const *names;
  struct lines lines;
  bool open;
  int64_t number;
  bool failed;
  struct replacement replacement;
  bool replaces;
  struct output *standard;
};
// Whether there was a line; it is put at the end of `to`.
bool input_line(struct input *input, struct bytes *to, bool *ended);
bool input_is_last(struct input *input);
const char *input_name(const struct input *input);
void input_end(struct input *input);

// execute.c
struct machine {
  const struct options_of_sed *options;
  struct script *script;
  struct input input;
  struct bytes space;
  struct bytes hold;
  struct bytes scratch;
  bool ended;  // the line in the space had a newline
  bool hold_ended;
  bool substituted;
  struct pattern *last;  // the pattern used last
  // What is printed when the cycle ends: texts, and files to copy.
  struct append *appends;
  size_t append_count;
  struct reader *readers;
  bool quits;
  int status;
};
void sed_run(struct machine *machine);

// match.c
bool command_applies(struct machine *machine, struct command *command);
bool space_matches(struct machine *machine, struct pattern *pattern);

// substitute.c: false when nothing was replaced.
bool substitute(struct machine *machine, const struct substitution *substitution);

// append.c
void append_text(struct machine *machine, const struct bytes *text);
void append_file(struct machine *machine, const struct bytes *name);
void append_line_of(struct machine *machine, const struct bytes *name);
void appends_print(struct machine *machine);
void appends_free(struct machine *machine);

// output.c
void output_line(struct output *output, const char *text, size_t length, char end, bool ended);
void output_put(struct output *output, const char *text, size_t length);
void output_unambiguous(struct output *output, const struct bytes *space, int64_t wrap, char end);

#endif
