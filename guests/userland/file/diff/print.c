#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "diff.h"
#include "lib/memory.h"

static bool is_blank(const struct line *line) {
  for (size_t at = 0; at < line->length; at += 1) if (!isspace((unsigned char)line->bytes[at])) return false;
  return true;
}

static bool only_blank(const struct side *side, size_t from, size_t count) {
  for (size_t index = from; index < from + count; index += 1) if (!is_blank(&side->lines[index])) return false;
  return true;
}

static bool is_ignored(const struct side *left, const struct side *right, const struct change *change) {
  return diff_ways.ignore_blank_lines && only_blank(left, change->left, change->left_count) &&
         only_blank(right, change->right, change->right_count);
}

bool next_change(const struct side *left, const struct side *right, size_t *at_left, size_t *at_right, struct change *change) {
  for (;;) {
    while (*at_left < left->count && *at_right < right->count && !left->changed[*at_left] && !right->changed[*at_right]) {
      *at_left += 1;
      *at_right += 1;
    }
    *change = (struct change){*at_left, 0, *at_right, 0};
    while (left->changed[*at_left]) *at_left += 1;
    while (right->changed[*at_right]) *at_right += 1;
    change->left_count = *at_left - change->left;
    change->right_count = *at_right - change->right;
    if (change->left_count == 0 && change->right_count == 0) return false;
    if (!is_ignored(left, right, change)) return true;
  }
}

static void print_line(const char *prefix, const struct side *side, size_t index) {
  fputs(prefix, stdout);
  fwrite(side->lines[index].bytes, 1, side->lines[index].length, stdout);
  putchar('\n');
  if (side->no_last_newline && index + 1 == side->count) puts("\\ No newline at end of file");
}

static void print_lines(const char *prefix, const struct side *side, size_t from, size_t count) {
  for (size_t index = from; index < from + count; index += 1) print_line(prefix, side, index);
}

// 5, or 5,7; no lines are the line before them.
static void print_range(size_t from, size_t count) {
  if (count <= 1) printf("%zu", count == 0 ? from : from + 1);
  else printf("%zu,%zu", from + 1, from + count);
}

bool print_normal(const struct side *left, const struct side *right) {
  size_t at_left = 0, at_right = 0;
  struct change change;
  bool any = false;
  while (next_change(left, right, &at_left, &at_right, &change)) {
    any = true;
    print_range(change.left, change.left_count);
    putchar(change.left_count == 0 ? 'a' : change.right_count == 0 ? 'd' : 'c');
    print_range(change.right, change.right_count);
    putchar('\n');
    print_lines("< ", left, change.left, change.left_count);
    if (change.left_count > 0 && change.right_count > 0) puts("---");
    print_lines("> ", right, change.right, change.right_count);
  }
  return any;
}

static void print_title(const char *mark, const struct side *side, const char *label) {
  if (label != NULL) {
    printf("%s %s\n", mark, label);
    return;
  }
  struct timespec when = side->absent ? (struct timespec){0, 0} : side->info.st_mtim;
  struct tm tm = {0};
  char text[64], zone[16];
  localtime_r(&when.tv_sec, &tm);
  strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &tm);
  strftime(zone, sizeof zone, "%z", &tm);
  printf("%s %s\t%s.%09ld %s\n", mark, side->path, text, (long)when.tv_nsec, zone);
}

// Changes so close that their surroundings touch.
struct hunk {
  struct change *changes;
  size_t count, room;
};

static void add_change(struct hunk *hunk, struct change change) {
  if (hunk->count == hunk->room) {
    hunk->room = hunk->room == 0 ? 16 : hunk->room * 2;
    hunk->changes = must_realloc(hunk->changes, hunk->room * sizeof *hunk->changes);
  }
  hunk->changes[hunk->count++] = change;
}

static void print_hunk_range(char mark, size_t from, size_t to) {
  size_t count = to - from;
  if (count == 1) printf(" %c%zu", mark, from + 1);
  else printf(" %c%zu,%zu", mark, count == 0 ? from : from + 1, count);
}

static void print_hunk(const struct side *left, const struct side *right, const struct hunk *hunk) {
  const struct change *first = &hunk->changes[0], *last = &hunk->changes[hunk->count - 1];
  size_t context = (size_t)diff_ways.context;
  size_t before = first->left < context ? first->left : context;
  if (first->right < before) before = first->right;
  size_t left_end = last->left + last->left_count, right_end = last->right + last->right_count;
  size_t after = left->count - left_end < context ? left->count - left_end : context;
  fputs("@@", stdout);
  print_hunk_range('-', first->left - before, left_end + after);
  print_hunk_range('+', first->right - before, right_end + after);
  puts(" @@");
  size_t at = first->left - before;
  for (size_t index = 0; index < hunk->count; index += 1) {
    const struct change *change = &hunk->changes[index];
    print_lines(" ", left, at, change->left - at);
    print_lines("-", left, change->left, change->left_count);
    print_lines("+", right, change->right, change->right_count);
    at = change->left + change->left_count;
  }
  print_lines(" ", left, at, left_end + after - at);
}

bool print_unified(const struct side *left, const struct side *right) {
  size_t at_left = 0, at_right = 0;
  struct change change;
  struct hunk hunk = {NULL, 0, 0};
  bool any = false;
  while (next_change(left, right, &at_left, &at_right, &change)) {
    if (!any) {
      print_title("---", left, diff_ways.labels[0]);
      print_title("+++", right, diff_ways.labels[1]);
    }
    any = true;
    const struct change *last = hunk.count == 0 ? NULL : &hunk.changes[hunk.count - 1];
    bool apart = last != NULL && change.left - (last->left + last->left_count) > 2 * (size_t)diff_ways.context;
    if (apart) {
      print_hunk(left, right, &hunk);
      hunk.count = 0;
    }
    add_change(&hunk, change);
  }
  if (hunk.count > 0) print_hunk(left, right, &hunk);
  free(hunk.changes);
  return any;
}
