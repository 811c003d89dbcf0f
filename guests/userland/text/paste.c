// paste: the lines of several files side by side, or those of each in one.
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/bytes.h"
#include "lib/lines.h"
#include "lib/options.h"
#include "lib/writer.h"

static const struct option NAMES[] = {{"delimiters", required_argument, NULL, 'd'},
                                      {"serial", no_argument, NULL, 's'},
                                      {"zero-terminated", no_argument, NULL, 'z'},
                                      {NULL, 0, NULL, 0}};
static const struct options OPTIONS = {"[-sz] [-d LIST] [FILE]...", "d:sz", NAMES, 1};

// Delimiters; an \0 in the list stands for none, which `empty` marks.
struct delimiters {
  struct bytes list;
  struct bytes empty;
};

struct paste {
  struct delimiters delimiters;
  char line_end;
};

static void read_delimiters(struct delimiters *delimiters, const char *text) {
  static const char letters[] = "bfnrtv\\";
  static const char meanings[] = "\b\f\n\r\t\v\\";
  bytes_clear(&delimiters->list);
  bytes_clear(&delimiters->empty);
  for (; *text != '\0'; text += 1) {
    bool escaped = *text == '\\' && text[1] != '\0';
    if (escaped) text += 1;
    const char *letter = escaped ? strchr(letters, *text) : NULL;
    bytes_byte(&delimiters->list, letter == NULL ? *text : meanings[letter - letters]);
    bytes_byte(&delimiters->empty, escaped && *text == '0');
  }
  if (delimiters->list.length > 0) return;
  bytes_byte(&delimiters->list, '\0');
  bytes_byte(&delimiters->empty, 1);
}

static void print_delimiter(const struct delimiters *delimiters, size_t index) {
  index %= delimiters->list.length;
  if (!delimiters->empty.data[index]) writer_byte(&out, delimiters->list.data[index]);
}

static bool serial(const struct paste *how, const char *name) {
  struct lines input;
  struct line line;
  if (!lines_open(&input, name, how->line_end)) return false;
  for (size_t index = 0; lines_next(&input, &line); index += 1) {
    if (index > 0) print_delimiter(&how->delimiters, index - 1);
    writer_put(&out, line.text, line.length);
  }
  writer_byte(&out, how->line_end);
  return lines_close(&input);
}

// One line of output; false, and nothing printed, when no file has a line left.
static bool parallel_line(const struct paste *how, struct lines **inputs, size_t count) {
  size_t owed = 0;
  bool some = false;
  for (size_t index = 0; index < count; index += 1) {
    struct line line;
    bool has = lines_next(inputs[index], &line);
    // Delimiters of files that are over are printed when one is met that is not.
    if (has) {
      for (; owed < index; owed += 1) print_delimiter(&how->delimiters, owed);
      writer_put(&out, line.text, line.length);
      some = true;
    }
  }
  if (!some) return false;
  for (; owed + 1 < count; owed += 1) print_delimiter(&how->delimiters, owed);
  writer_byte(&out, how->line_end);
  return true;
}

// All that are `-` are one reader.
static bool open_all(const struct paste *how, char *const *names, size_t count, struct lines *inputs,
                     struct lines **readers) {
  static struct lines standard;
  lines_from(&standard, 0, "-", how->line_end);
  for (size_t index = 0; index < count; index += 1) {
    readers[index] = &inputs[index];
    if (strcmp(names[index], "-") == 0) readers[index] = &standard;
    else if (!lines_open(&inputs[index], names[index], how->line_end)) return false;
  }
  return true;
}

static bool parallel(const struct paste *how, char *const *names, size_t count) {
  struct lines *inputs = must_grow(NULL, count, sizeof *inputs);
  struct lines **readers = must_grow(NULL, count, sizeof *readers);
  bool good = open_all(how, names, count, inputs, readers);
  while (good && parallel_line(how, readers, count)) continue;
  for (size_t index = 0; good && index < count; index += 1) good = lines_close(readers[index]);
  free(inputs);
  free(readers);
  return good;
}

int paste_main(int argc, char **argv) {
  struct paste how = {.line_end = '\n'};
  bool is_serial = false;
  int option;
  read_delimiters(&how.delimiters, "\t");
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    switch (option) {
      case 'd': read_delimiters(&how.delimiters, optarg); break;
      case 's': is_serial = true; break;
      case 'z': how.line_end = '\0'; break;
      default: return options_status;
    }
  }
  static char *const standard[] = {"-", NULL};
  char *const *names = optind < argc ? argv + optind : standard;
  size_t count = optind < argc ? (size_t)(argc - optind) : 1;
  bool good = true;
  if (!is_serial) good = parallel(&how, names, count);
  else for (; *names != NULL; names += 1) good = serial(&how, *names) && good;
  return writer_finish(good ? 0 : 1);
}
