// column: items below each other as wide as the screen, or -t, words as a table.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/bytes.h"
#include "lib/each-file.h"
#include "lib/memory.h"
#include "lib/message.h"
#include "lib/number.h"
#include "lib/options.h"
#include "lib/writer.h"

static const struct option NAMES[] = {{"table", no_argument, NULL, 't'},
                                      {"separator", required_argument, NULL, 's'},
                                      {"output-separator", required_argument, NULL, 'o'},
                                      {"output-width", required_argument, NULL, 'c'},
                                      {"fillrows", no_argument, NULL, 'x'},
                                      {NULL, 0, NULL, 0}};
static const struct options OPTIONS = {"[-tx] [-c WIDTH] [-s SEPARATORS] [-o TEXT] [FILE]...", "ts:o:c:xn",
                                       NAMES, 1};

struct column {
  bool table;
  bool by_rows;
  const char *separators;  // NULL: blanks, of which many are one
  const char *between;
  size_t width;
  // Lines, or the cells of the table's rows.
  char **items;
  size_t count;
  size_t *row_ends;  // how many cells there are at the end of each row
  size_t rows;
};

static void add_item(struct column *how, const char *text, size_t length) {
  if ((how->count & (how->count - 1)) == 0) {
    how->items = must_grow(how->items, how->count == 0 ? 1 : how->count * 2, sizeof *how->items);
  }
  how->items[how->count++] = must_copy_part(text, length);
}

static void end_row(struct column *how) {
  if ((how->rows & (how->rows - 1)) == 0) {
    how->row_ends = must_grow(how->row_ends, how->rows == 0 ? 1 : how->rows * 2, sizeof *how->row_ends);
  }
  how->row_ends[how->rows++] = how->count;
}

static void add_cells(struct column *how, const char *text) {
  const char *separators = how->separators == NULL ? " \t" : how->separators;
  for (;;) {
    if (how->separators == NULL) text += strspn(text, separators);
    size_t length = strcspn(text, separators);
    if (length == 0 && how->separators == NULL) break;
    add_item(how, text, length);
    text += length;
    if (*text == '\0') break;
    text += 1;
  }
  end_row(how);
}

static void take(struct lines *input, void *context) {
  struct column *how = context;
  struct line line;
  while (lines_next(input, &line)) {
    if (line.text[strspn(line.text, " \t")] == '\0') continue;
    if (how->table) add_cells(how, line.text);
    else add_item(how, line.text, line.length);
  }
}

// Characters, not bytes.
static size_t width_of(const char *text) {
  size_t width = 0;
  for (; *text != '\0'; text += 1) width += (*text & 0xC0) != 0x80;
  return width;
}

static void print_table(const struct column *how) {
  size_t *widths = NULL;
  size_t columns = 0;
  size_t start = 0;
  for (size_t row = 0; row < how->rows; start = how->row_ends[row++]) {
    for (size_t cell = start; cell < how->row_ends[row]; cell += 1) {
      size_t column = cell - start;
      size_t width = width_of(how->items[cell]);
      if (column == columns) {
        widths = must_grow(widths, columns + 1, sizeof *widths);
        widths[columns++] = 0;
      }
      if (width > widths[column]) widths[column] = width;
    }
  }
  start = 0;
  for (size_t row = 0; row < how->rows; start = how->row_ends[row++]) {
    // Cells that are missing are blank; the last column has no blanks behind it.
    for (size_t column = 0; column < columns; column += 1) {
      const char *cell = start + column < how->row_ends[row] ? how->items[start + column] : "";
      writer_text(&out, cell);
      if (column + 1 == columns) continue;
      for (size_t width = width_of(cell); width < widths[column]; width += 1) writer_byte(&out, ' ');
      writer_text(&out, how->between);
    }
    writer_byte(&out, '\n');
  }
  free(widths);
}

// Each column is as wide as the widest item and ends at a tab.
static void print_columns(const struct column *how) {
  size_t widest = 0;
  for (size_t index = 0; index < how->count; index += 1) {
    size_t width = width_of(how->items[index]);
    if (width > widest) widest = width;
  }
  size_t cell = (widest + 8) / 8 * 8;
  size_t columns = how->width < cell ? 1 : how->width / cell;
  size_t rows = (how->count + columns - 1) / columns;
  for (size_t row = 0; row < rows; row += 1) {
    for (size_t column = 0; column < columns; column += 1) {
      size_t index = how->by_rows ? row * columns + column : column * rows + row;
      if (index >= how->count) break;
      size_t next = how->by_rows ? index + 1 : index + rows;
      writer_text(&out, how->items[index]);
      if (column + 1 == columns || next >= how->count) break;
      for (size_t at = width_of(how->items[index]); at < cell; at = at / 8 * 8 + 8) writer_byte(&out, '\t');
    }
    writer_byte(&out, '\n');
  }
}

int column_main(int argc, char **argv) {
  struct column how = {.between = "  ", .width = 80};
  int64_t width;
  int option;
  const char *columns = getenv("COLUMNS");
  if (columns != NULL && parse_number(columns, INT32_MAX, &width) && width > 0) how.width = (size_t)width;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    switch (option) {
      case 't': how.table = true; break;
      case 'x': how.by_rows = true; break;
      case 's': how.separators = optarg; break;
      case 'o': how.between = optarg; break;
      case 'n': break;
      case 'c':
        if (!parse_number(optarg, INT32_MAX, &width)) {
          message("invalid columns argument: '%s'", optarg);
          return 1;
        }
        how.width = (size_t)width;
        break;
      default: return options_status;
    }
  }
  bool good = each_file(argv + optind, '\n', take, &how);
  if (how.table) print_table(&how);
  else print_columns(&how);
  for (size_t index = 0; index < how.count; index += 1) free(how.items[index]);
  free(how.items);
  free(how.row_ends);
  return writer_finish(good ? 0 : 1);
}
