#include <stdlib.h>
#include <string.h>

#include "lib/array.h"
#include "lib/lines.h"
#include "lib/message.h"
#include "lib/writer.h"
#include "text/grep/grep.h"

// The lines before the one that is searched, as many as a match may want to show.
struct before {
  struct bytes *lines;
  size_t count;  // of those that are kept
  size_t next;
};

struct search {
  struct grep *grep;
  const char *name;
  struct lines input;
  int64_t number;
  int64_t offset;
  int64_t selected;
  int64_t after;  // lines of context that are still to be shown
  int64_t last_shown;
  struct before before;
  bool binary;
};

// NAME:NUMBER:OFFSET: with : for lines that are selected and - for their context.
static void print_prefix(const struct search *search, int64_t number, int64_t offset, char mark) {
  const struct grep *grep = search->grep;
  if (grep->names > 0) {
    writer_text(&out, search->name);
    writer_byte(&out, grep->null_names ? '\0' : mark);
  }
  if (grep->numbers) writer_format(&out, "%lld%c", (long long)number, mark);
  if (grep->offsets) writer_format(&out, "%lld%c", (long long)offset, mark);
}

static void print_separator(struct search *search, int64_t first) {
  const struct grep *grep = search->grep;
  bool gap = search->last_shown > 0 && first > search->last_shown + 1;
  if (gap && grep->has_context && grep->group_separator != NULL) {
    writer_text(&out, grep->group_separator);
    writer_byte(&out, '\n');
  }
}

static void print_line(struct search *search, int64_t number, int64_t offset, const char *text, size_t length,
                       char mark) {
  print_prefix(search, number, offset, mark);
  writer_put(&out, text, length);
  writer_byte(&out, search->grep->line_end);
  search->last_shown = number;
}

static void keep_before(struct search *search, const struct line *line) {
  struct before *before = &search->before;
  size_t size = (size_t)search->grep->before;
  if (size == 0) return;
  if (before->count < size) {
    before->lines = must_grow(before->lines, before->count + 1, sizeof *before->lines);
    before->lines[before->count++] = (struct bytes)BYTES_NONE;
  }
  struct bytes *kept = &before->lines[before->next];
  before->next = (before->next + 1) % size;
  bytes_clear(kept);
  bytes_add(kept, line->text, line->length);
}

static void print_before(struct search *search) {
  struct before *before = &search->before;
  int64_t first = search->number - (int64_t)before->count;
  int64_t offset = search->offset;
  if (first <= search->last_shown) first = search->last_shown + 1;
  size_t shown = (size_t)(search->number - first);
  print_separator(search, first);
  for (size_t back = 1; back <= shown; back += 1) {
    offset -= (int64_t)before->lines[(before->next + before->count - back) % before->count].length + 1;
  }
  for (size_t back = shown; back > 0; back -= 1) {
    const struct bytes *line = &before->lines[(before->next + before->count - back) % before->count];
    print_line(search, search->number - (int64_t)back, offset, line->data, line->length, '-');
    offset += (int64_t)line->length + 1;
  }
}

static void print_matches(struct search *search, const struct line *line) {
  struct span span;
  size_t from = 0;
  while (patterns_find(&search->grep->patterns, line->text, line->length, from, &span)) {
    if (span.end > span.start) {
      print_line(search, search->number, search->offset + span.start, line->text + span.start,
                 (size_t)(span.end - span.start), ':');
      from = (size_t)span.end;
    } else {
      from = (size_t)span.end + 1;
    }
    if (from > line->length) break;
  }
}

static bool prints_lines(const struct grep *grep) {
  return !grep->count && !grep->list_with && !grep->list_without && !grep->quiet;
}

// A line that is selected; false when nothing more needs to be known of the file.
static bool select_line(struct search *search, const struct line *line) {
  struct grep *grep = search->grep;
  search->selected += 1;
  if (grep->quiet || grep->list_with || grep->list_without) return false;
  if (grep->count) return true;
  if (search->binary) {
    message("%s: binary file matches", search->name);
    return false;
  }
  print_before(search);
  if (!grep->only_matching) print_line(search, search->number, search->offset, line->text, line->length, ':');
  else if (!grep->invert) print_matches(search, line);
  else search->last_shown = search->number;
  search->after = grep->after;
  return true;
}

static void show_context(struct search *search, const struct line *line) {
  bool shows = search->after > 0 && prints_lines(search->grep);
  if (!shows) return;
  search->after -= 1;
  if (search->grep->only_matching) search->last_shown = search->number;
  else print_line(search, search->number, search->offset, line->text, line->length, '-');
}

static void notice_binary(struct search *search, const struct line *line) {
  const struct grep *grep = search->grep;
  if (grep->binary == BINARY_TEXT || grep->line_end == '\0' || search->binary) return;
  search->binary = memchr(line->text, '\0', line->length) != NULL;
}

static void search_lines(struct search *search) {
  struct grep *grep = search->grep;
  struct line line;
  while (search->selected < grep->most && lines_next(&search->input, &line)) {
    search->number += 1;
    if (patterns_find(&grep->patterns, line.text, line.length, 0, NULL) != grep->invert) {
      notice_binary(search, &line);
      if (!select_line(search, &line)) return;
    } else {
      show_context(search, &line);
    }
    keep_before(search, &line);
    search->offset += (int64_t)line.length + 1;
  }
  // Context goes on behind the last line that counts, whether it matches or not.
  while (search->after > 0 && lines_next(&search->input, &line)) {
    search->number += 1;
    show_context(search, &line);
    search->offset += (int64_t)line.length + 1;
  }
}

// Whether the first piece of a file has a NUL in it.
static bool starts_binary(struct search *search) {
  const struct grep *grep = search->grep;
  if (grep->binary == BINARY_TEXT || grep->line_end == '\0' || lines_over(&search->input)) return false;
  size_t length = search->input.end - search->input.start;
  return memchr(search->input.buffer + search->input.start, '\0', length < 32768 ? length : 32768) != NULL;
}

static void print_result(struct search *search) {
  const struct grep *grep = search->grep;
  if (grep->quiet) return;
  if (grep->count) {
    if (grep->names > 0) writer_format(&out, "%s%c", search->name, grep->null_names ? '\0' : ':');
    writer_format(&out, "%lld\n", (long long)search->selected);
  }
  bool listed = (grep->list_with && search->selected > 0) || (grep->list_without && search->selected == 0);
  if (listed) writer_format(&out, "%s%c", search->name, grep->null_names ? '\0' : '\n');
}

static void free_before(struct before *before) {
  for (size_t index = 0; index < before->count; index += 1) bytes_free(&before->lines[index]);
  free(before->lines);
}

void grep_file(struct grep *grep, int fd, const char *name) {
  struct search search = {.grep = grep, .name = name};
  lines_from(&search.input, fd, name, grep->line_end);
  search.binary = starts_binary(&search);
  if (!search.binary || grep->binary != BINARY_NONE) search_lines(&search);
  free_before(&search.before);
  if (search.input.failed) grep->failed = true;
  bool is_wanted = grep->list_without ? search.selected == 0 : search.selected > 0;
  if (is_wanted) grep->some = true;
  print_result(&search);
  // What was not read is for whoever reads on.
  if (fd == 0) lines_give_back(&search.input);
  lines_close(&search.input);
}
