#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/memory.h"
#include "lib/number.h"
#include "ls.h"

static bool is_control(unsigned char byte) { return byte < 32 || byte == 127; }

void print_ls_name(const char *name, const struct look *look) {
  if (look->quote) putchar('"');
  for (; *name != '\0'; name += 1) {
    if (look->quote && (*name == '"' || *name == '\\')) putchar('\\');
    if (look->quote && *name == '\n') fputs("\\n", stdout);
    else if ((look->quote || look->hide_controls) && is_control((unsigned char)*name)) putchar('?');
    else putchar(*name);
  }
  if (look->quote) putchar('"');
}

// Columns on a terminal: bytes that go on with a character take none.
size_t ls_name_width(const char *name, const struct look *look) {
  size_t width = look->quote ? 2 : 0;
  for (; *name != '\0'; name += 1) {
    if (((unsigned char)*name & 0xc0) != 0x80) width += 1;
    if (look->quote && (*name == '"' || *name == '\\' || *name == '\n')) width += 1;
  }
  return width;
}

char ls_mark_of(mode_t mode, enum mark mark) {
  if (mark == MARK_NONE) return '\0';
  if (S_ISDIR(mode)) return '/';
  if (mark == MARK_DIRECTORIES) return '\0';
  if (S_ISLNK(mode)) return '@';
  if (S_ISFIFO(mode)) return '|';
  if (S_ISSOCK(mode)) return '=';
  return S_ISREG(mode) && (mode & 0111) != 0 ? '*' : '\0';
}

// How wide the columns in front of the names are.
struct front {
  int inode, blocks;
};

static const char *blocks_text(const struct entry *entry, const struct look *look, char text[HUMAN_ROOM]) {
  uint64_t bytes = (uint64_t)entry->info.st_blocks * 512;
  if (look->human) return human_size(bytes, text);
  snprintf(text, HUMAN_ROOM, "%llu", (unsigned long long)((bytes + 1023) / 1024));
  return text;
}

static struct front measure(const struct entry *entries, size_t count, const struct look *look) {
  struct front front = {0, 0};
  char text[HUMAN_ROOM];
  for (size_t index = 0; index < count; index += 1) {
    int inode = snprintf(NULL, 0, "%llu", (unsigned long long)entries[index].info.st_ino);
    int blocks = (int)strlen(blocks_text(&entries[index], look, text));
    if (inode > front.inode) front.inode = inode;
    if (blocks > front.blocks) front.blocks = blocks;
  }
  return front;
}

static void print_front(const struct entry *entry, const struct look *look, struct front front) {
  char text[HUMAN_ROOM];
  if (look->inode && entry->known) printf("%*llu ", front.inode, (unsigned long long)entry->info.st_ino);
  else if (look->inode) printf("%*s ", front.inode, "?");
  if (look->blocks) printf("%*s ", front.blocks, entry->known ? blocks_text(entry, look, text) : "?");
}

static size_t print_cell(const struct entry *entry, const struct look *look, struct front front) {
  print_front(entry, look, front);
  print_ls_name(entry->name, look);
  char mark = entry->known ? ls_mark_of(entry->info.st_mode, look->mark) : '\0';
  if (mark != '\0') putchar(mark);
  size_t width = ls_name_width(entry->name, look) + (mark == '\0' ? 0 : 1);
  if (look->inode) width += (size_t)front.inode + 1;
  if (look->blocks) width += (size_t)front.blocks + 1;
  return width;
}

static size_t cell_width(const struct entry *entry, const struct look *look, struct front front) {
  size_t width = ls_name_width(entry->name, look);
  if (entry->known && ls_mark_of(entry->info.st_mode, look->mark) != '\0') width += 1;
  if (look->inode) width += (size_t)front.inode + 1;
  if (look->blocks) width += (size_t)front.blocks + 1;
  return width;
}

struct grid {
  size_t rows, columns;
  bool across;
};

static size_t index_at(const struct grid *grid, size_t row, size_t column) {
  return grid->across ? row * grid->columns + column : column * grid->rows + row;
}

// The widths of a grid's columns; false when they are wider than the line.
static bool fits(const size_t *cells, size_t count, const struct grid *grid, size_t line, size_t *widths) {
  size_t sum = 0;
  for (size_t column = 0; column < grid->columns; column += 1) {
    widths[column] = 0;
    for (size_t row = 0; row < grid->rows; row += 1) {
      size_t index = index_at(grid, row, column);
      if (index < count && cells[index] > widths[column]) widths[column] = cells[index];
    }
    sum += widths[column] + (column + 1 == grid->columns ? 0 : 2);
  }
  return sum < line;
}

static struct grid lay_out(const size_t *cells, size_t count, bool across, size_t line, size_t *widths) {
  size_t most = line / 3 + 1 < count ? line / 3 + 1 : count;
  for (size_t columns = most; columns > 1; columns -= 1) {
    size_t rows = (count + columns - 1) / columns;
    struct grid grid = {rows, across ? columns : (count + rows - 1) / rows, across};
    if (fits(cells, count, &grid, line, widths)) return grid;
  }
  struct grid grid = {count, 1, across};
  fits(cells, count, &grid, line, widths);
  return grid;
}

// Gaps of tabs where they reach, as columns on a terminal always had.
static void pad(size_t from, size_t to) {
  while (from < to) {
    if (to / 8 > (from + 1) / 8) {
      putchar('\t');
      from += 8 - from % 8;
    } else {
      putchar(' ');
      from += 1;
    }
  }
}

static void print_grid(const struct entry *entries, size_t count, const struct look *look, struct front front) {
  size_t *cells = must_alloc(count * sizeof *cells);
  size_t *widths = must_alloc(count * sizeof *widths);
  for (size_t index = 0; index < count; index += 1) cells[index] = cell_width(&entries[index], look, front);
  struct grid grid = lay_out(cells, count, look->format == FORMAT_ACROSS, (size_t)look->width, widths);
  for (size_t row = 0; row < grid.rows; row += 1) {
    size_t start = 0;
    for (size_t column = 0; column < grid.columns; column += 1) {
      size_t index = index_at(&grid, row, column);
      if (index >= count) break;
      size_t width = print_cell(&entries[index], look, front);
      size_t next = column + 1 == grid.columns ? count : index_at(&grid, row, column + 1);
      if (next < count) pad(start + width, start + widths[column] + 2);
      start += widths[column] + 2;
    }
    putchar('\n');
  }
  free(cells);
  free(widths);
}

static void print_commas(const struct entry *entries, size_t count, const struct look *look, struct front front) {
  size_t at = 0;
  for (size_t index = 0; index < count; index += 1) {
    size_t width = cell_width(&entries[index], look, front);
    if (index > 0) {
      bool same_line = at + width + 2 < (size_t)look->width;
      fputs(same_line ? ", " : ",\n", stdout);
      at = same_line ? at + 2 : 0;
    }
    at += print_cell(&entries[index], look, front);
  }
  if (count > 0) putchar('\n');
}

static void print_total(const struct entry *entries, size_t count, const struct look *look) {
  uint64_t blocks = 0;
  char text[HUMAN_ROOM];
  for (size_t index = 0; index < count; index += 1) blocks += entries[index].known ? (uint64_t)entries[index].info.st_blocks : 0;
  if (look->human) printf("total %s\n", human_size(blocks * 512, text));
  else printf("total %llu\n", (unsigned long long)((blocks + 1) / 2));
}

void print_ls_entries(const struct entry *entries, size_t count, const struct look *look, bool totals) {
  if (totals && (look->format == FORMAT_LONG || look->blocks)) print_total(entries, count, look);
  if (count == 0) return;
  struct front front = measure(entries, count, look);
  switch (look->format) {
    case FORMAT_LONG: print_ls_long(entries, count, look); break;
    case FORMAT_COLUMNS: case FORMAT_ACROSS: print_grid(entries, count, look, front); break;
    case FORMAT_COMMAS: print_commas(entries, count, look, front); break;
    default:
      for (size_t index = 0; index < count; index += 1) {
        print_cell(&entries[index], look, front);
        putchar('\n');
      }
  }
}
