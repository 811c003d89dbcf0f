// envsubst: $NAME and ${NAME} in the input become the environment's values.
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lib/lines.h"
#include "lib/memory.h"
#include "lib/options.h"
#include "lib/writer.h"

static const struct option NAMES[] = {{"variables", no_argument, NULL, 'v'}, {NULL, 0, NULL, 0}};
static const struct options OPTIONS = {"[-v] [SHELL-FORMAT]", "v", NAMES, 1};

// The name in $NAME or ${NAME} at `at`: where it is, and where all of it ends. 0 when there is none.
static size_t reference(const char *at, const char *end, const char **name, size_t *length) {
  bool braces = at + 1 < end && at[1] == '{';
  const char *start = at + (braces ? 2 : 1);
  const char *stop = start;
  while (stop < end && (isalnum((unsigned char)*stop) || *stop == '_')) stop += 1;
  if (start >= end || stop == start || isdigit((unsigned char)*start)) return 0;
  if (braces && (stop >= end || *stop != '}')) return 0;
  *name = start;
  *length = (size_t)(stop - start);
  return (size_t)(stop - at) + braces;
}

// Whether the format names it, or there is no format.
static bool is_wanted(const char *format, const char *name, size_t length) {
  if (format == NULL) return true;
  const char *end = format + strlen(format);
  while ((format = memchr(format, '$', (size_t)(end - format))) != NULL) {
    const char *other;
    size_t other_length;
    size_t used = reference(format, end, &other, &other_length);
    if (used > 0 && other_length == length && memcmp(other, name, length) == 0) return true;
    format += used == 0 ? 1 : used;
  }
  return false;
}

static void substitute(const char *text, size_t length, const char *format) {
  const char *end = text + length;
  const char *dollar;
  while ((dollar = memchr(text, '$', (size_t)(end - text))) != NULL) {
    const char *name;
    size_t name_length;
    writer_put(&out, text, (size_t)(dollar - text));
    size_t used = reference(dollar, end, &name, &name_length);
    if (used == 0 || !is_wanted(format, name, name_length)) {
      used = used == 0 ? 1 : used;
      writer_put(&out, dollar, used);
    } else {
      char *copy = must_copy_part(name, name_length);
      const char *value = getenv(copy);
      if (value != NULL) writer_text(&out, value);
      free(copy);
    }
    text = dollar + used;
  }
  writer_put(&out, text, (size_t)(end - text));
}

static void list(const char *format) {
  const char *end = format + strlen(format);
  while ((format = memchr(format, '$', (size_t)(end - format))) != NULL) {
    const char *name;
    size_t length;
    size_t used = reference(format, end, &name, &length);
    if (used > 0) {
      writer_put(&out, name, length);
      writer_byte(&out, '\n');
    }
    format += used == 0 ? 1 : used;
  }
}

int envsubst_main(int argc, char **argv) {
  bool lists = false;
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    if (option == OPTIONS_OVER) return options_status;
    lists = true;
  }
  if (argc - optind > 1) return usage_error(&OPTIONS, "extra operand");
  const char *format = optind < argc ? argv[optind] : NULL;
  if (lists) {
    if (format == NULL) return usage_error(&OPTIONS, "missing operand");
    list(format);
    return writer_finish(0);
  }
  struct lines input;
  struct line line;
  lines_from(&input, 0, "standard input", '\n');
  while (lines_next(&input, &line)) {
    substitute(line.text, line.length, format);
    if (line.ended) writer_byte(&out, '\n');
  }
  return writer_finish(lines_close(&input) ? 0 : 1);
}
