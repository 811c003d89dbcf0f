// join: the lines of two sorted files that have a field alike.
#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/array.h"
#include "lib/bytes.h"
#include "lib/lines.h"
#include "lib/message.h"
#include "lib/number.h"
#include "lib/options.h"
#include "lib/writer.h"

static const struct option NAMES[] = {{"ignore-case", no_argument, NULL, 'i'},
                                      {"header", no_argument, NULL, OPTION_NAMED},
                                      {"check-order", no_argument, NULL, OPTION_NAMED + 1},
                                      {"nocheck-order", no_argument, NULL, OPTION_NAMED + 1},
                                      {"zero-terminated", no_argument, NULL, 'z'},
                                      {NULL, 0, NULL, 0}};
static const struct options OPTIONS = {
    "[-iz] [-a 1|2] [-v 1|2] [-e TEXT] [-o LIST] [-t BYTE] [-1 FIELD] [-2 FIELD] [-j FIELD] FILE1 FILE2",
    "iza:v:e:o:t:1:2:j:", NAMES, 1};

struct field {
  const char *text;
  size_t length;
};

struct row {
  struct bytes line;
  struct field *fields;
  size_t count;
};

// Rows with the same key.
struct group {
  struct row *rows;
  size_t size;
  size_t count;
};

struct side {
  struct lines input;
  size_t key;  // from 0
  bool prints_lone;
  struct row next;
  bool has_next;
};

// What is printed: a field of a side (1 or 2), or the key (0).
struct column {
  int side;
  size_t field;
};

struct join {
  struct side sides[2];
  bool ignore_case;
  bool hides_pairs;
  bool header;
  const char *empty;
  char delimiter;
  bool blanks;
  char line_end;
  struct column *columns;
  size_t column_count;
};

static void add_field(struct row *row, const char *text, size_t length) {
  row->fields = must_grow(row->fields, row->count + 1, sizeof *row->fields);
  row->fields[row->count++] = (struct field){text, length};
}

static void split_blanks(struct row *row) {
  const char *at = row->line.data;
  const char *end = at + row->line.length;
  for (;;) {
    while (at < end && isspace((unsigned char)*at)) at += 1;
    if (at == end) return;
    const char *start = at;
    while (at < end && !isspace((unsigned char)*at)) at += 1;
    add_field(row, start, (size_t)(at - start));
  }
}

static void split_at(struct row *row, char delimiter) {
  const char *at = row->line.data;
  const char *end = at + row->line.length;
  for (;;) {
    const char *found = memchr(at, delimiter, (size_t)(end - at));
    add_field(row, at, (size_t)((found == NULL ? end : found) - at));
    if (found == NULL) return;
    at = found + 1;
  }
}

static void advance(const struct join *how, struct side *side) {
  struct line line;
  side->has_next = lines_next(&side->input, &line);
  if (!side->has_next) return;
  bytes_clear(&side->next.line);
  bytes_add(&side->next.line, line.text, line.length);
  side->next.count = 0;
  if (how->blanks) split_blanks(&side->next);
  else split_at(&side->next, how->delimiter);
}

static struct field key_of(const struct side *side, const struct row *row) {
  return side->key < row->count ? row->fields[side->key] : (struct field){"", 0};
}

static int order(const struct join *how, struct field one, struct field other) {
  size_t length = one.length < other.length ? one.length : other.length;
  int compared = how->ignore_case ? strncasecmp(one.text, other.text, length)
                                  : memcmp(one.text, other.text, length);
  if (compared != 0) return compared;
  return one.length < other.length ? -1 : one.length > other.length;
}

static void print_field(const struct join *how, bool first, struct field field) {
  if (!first) writer_byte(&out, how->delimiter);
  if (field.length == 0 && how->empty != NULL) writer_text(&out, how->empty);
  else writer_put(&out, field.text, field.length);
}

static void print_others(const struct join *how, const struct side *side, const struct row *row) {
  if (row == NULL) return;
  for (size_t index = 0; index < row->count; index += 1) {
    if (index != side->key) print_field(how, false, row->fields[index]);
  }
}

// One of the rows may be NULL.
static void print(const struct join *how, const struct row *one, const struct row *other) {
  struct field key = one != NULL ? key_of(&how->sides[0], one) : key_of(&how->sides[1], other);
  if (how->columns == NULL) {
    print_field(how, true, key);
    print_others(how, &how->sides[0], one);
    print_others(how, &how->sides[1], other);
  }
  for (size_t index = 0; index < how->column_count; index += 1) {
    const struct column *column = &how->columns[index];
    const struct row *row = column->side == 1 ? one : other;
    bool has = row != NULL && column->field < row->count;
    struct field field = has ? row->fields[column->field] : (struct field){"", 0};
    print_field(how, index == 0, column->side == 0 ? key : field);
  }
  writer_byte(&out, how->line_end);
}

static void print_lone(const struct join *how, int which, const struct row *row) {
  if (!how->sides[which].prints_lone) return;
  print(how, which == 0 ? row : NULL, which == 1 ? row : NULL);
}

static void swap_rows(struct row *one, struct row *other) {
  struct row kept = *one;
  *one = *other;
  *other = kept;
}

// Takes all rows with the key of the side's next row.
static void take_group(const struct join *how, struct side *side, struct group *group) {
  group->count = 0;
  do {
    if (group->count == group->size) {
      group->rows = must_grow(group->rows, group->size + 1, sizeof *group->rows);
      group->rows[group->size++] = (struct row){BYTES_NONE, NULL, 0};
    }
    swap_rows(&group->rows[group->count++], &side->next);
    advance(how, side);
  } while (side->has_next && order(how, key_of(side, &side->next), key_of(side, &group->rows[0])) == 0);
}

static void free_group(struct group *group) {
  for (size_t index = 0; index < group->size; index += 1) {
    bytes_free(&group->rows[index].line);
    free(group->rows[index].fields);
  }
  free(group->rows);
}

static void print_pairs(const struct join *how, const struct group *one, const struct group *other) {
  if (how->hides_pairs) return;
  for (size_t first = 0; first < one->count; first += 1) {
    for (size_t second = 0; second < other->count; second += 1) {
      print(how, &one->rows[first], &other->rows[second]);
    }
  }
}

static void join(struct join *how) {
  struct side *one = &how->sides[0];
  struct side *other = &how->sides[1];
  struct group groups[2] = {{NULL, 0, 0}, {NULL, 0, 0}};
  advance(how, one);
  advance(how, other);
  if (how->header && (one->has_next || other->has_next)) {
    print(how, one->has_next ? &one->next : NULL, other->has_next ? &other->next : NULL);
    advance(how, one);
    advance(how, other);
  }
  while (one->has_next && other->has_next) {
    int which = order(how, key_of(one, &one->next), key_of(other, &other->next));
    if (which == 0) {
      take_group(how, one, &groups[0]);
      take_group(how, other, &groups[1]);
      print_pairs(how, &groups[0], &groups[1]);
      continue;
    }
    print_lone(how, which < 0 ? 0 : 1, which < 0 ? &one->next : &other->next);
    advance(how, which < 0 ? one : other);
  }
  for (; one->has_next; advance(how, one)) print_lone(how, 0, &one->next);
  for (; other->has_next; advance(how, other)) print_lone(how, 1, &other->next);
  free_group(&groups[0]);
  free_group(&groups[1]);
}

static bool read_field(const char *text, size_t *field) {
  int64_t number;
  if (!parse_number(text, INT32_MAX, &number) || number < 1) {
    message("invalid field number: '%s'", text);
    return false;
  }
  *field = (size_t)number - 1;
  return true;
}

// -o 0,1.2,2.1
static bool read_columns(struct join *how, char *list) {
  for (char *at = strtok(list, ", \t"); at != NULL; at = strtok(NULL, ", \t")) {
    struct column column = {*at - '0', 0};
    bool is_key = strcmp(at, "0") == 0;
    bool good = is_key || ((column.side == 1 || column.side == 2) && at[1] == '.');
    if (!good || (!is_key && !read_field(at + 2, &column.field))) {
      message("invalid field specifier: '%s'", at);
      return false;
    }
    how->columns = must_grow(how->columns, how->column_count + 1, sizeof *how->columns);
    how->columns[how->column_count++] = column;
  }
  return true;
}

static bool set_lone(struct join *how, const char *text) {
  if (strcmp(text, "1") != 0 && strcmp(text, "2") != 0) {
    message("invalid file number: '%s'", text);
    return false;
  }
  how->sides[*text - '1'].prints_lone = true;
  return true;
}

static bool set(struct join *how, int option) {
  switch (option) {
    case 'i': how->ignore_case = true; return true;
    case 'z': how->line_end = '\0'; return true;
    case 'e': how->empty = optarg; return true;
    case 't':
      how->delimiter = strcmp(optarg, "\\t") == 0 ? '\t' : *optarg;
      how->blanks = false;
      return true;
    case 'v': how->hides_pairs = true; return set_lone(how, optarg);
    case 'a': return set_lone(how, optarg);
    case 'o': return read_columns(how, optarg);
    case 'j': return read_field(optarg, &how->sides[0].key) && read_field(optarg, &how->sides[1].key);
    case '1':
    case '2': return read_field(optarg, &how->sides[option - '1'].key);
    case OPTION_NAMED: how->header = true; return true;
    default: return true;
  }
}

int join_main(int argc, char **argv) {
  struct join how = {.delimiter = ' ', .blanks = true, .line_end = '\n'};
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    if (option == OPTIONS_OVER) return options_status;
    if (!set(&how, option)) return 1;
  }
  if (argc - optind != 2) return usage_error(&OPTIONS, argc - optind < 2 ? "missing operand" : "extra operand");
  for (int side = 0; side < 2; side += 1) {
    if (!lines_open(&how.sides[side].input, argv[optind + side], how.line_end)) return 1;
  }
  join(&how);
  bool good = true;
  for (int side = 0; side < 2; side += 1) {
    good = lines_close(&how.sides[side].input) && good;
    bytes_free(&how.sides[side].next.line);
    free(how.sides[side].next.fields);
  }
  free(how.columns);
  return writer_finish(good ? 0 : 1);
}
