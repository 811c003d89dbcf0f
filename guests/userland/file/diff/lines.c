#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "diff.h"
#include "lib/memory.h"
#include "lib/message.h"
#include "lib/transfer.h"

static bool read_bytes(int from, struct side *side) {
  size_t room = S_ISREG(side->info.st_mode) && side->info.st_size > 0 ? (size_t)side->info.st_size + 1 : TRANSFER_SIZE;
  side->bytes = must_alloc(room);
  side->size = 0;
  for (;;) {
    ssize_t count = read_some(from, side->bytes + side->size, room - side->size);
    if (count < 0) return false;
    if (count == 0) return true;
    side->size += (size_t)count;
    if (side->size < room) continue;
    room *= 2;
    side->bytes = must_realloc(side->bytes, room);
  }
}

bool read_side(struct side *side, const char *path) {
  memset(side, 0, sizeof *side);
  side->path = path;
  bool standard = strcmp(path, "-") == 0;
  int from = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
  if (from < 0 && errno == ENOENT && diff_ways.new_files) {
    side->absent = true;
    return true;
  }
  bool good = from >= 0 && fstat(from, &side->info) == 0 && read_bytes(from, side);
  if (!good) message_errno("%s", path);
  if (from >= 0 && !standard) close(from);
  return good;
}

void free_side(struct side *side) {
  free(side->bytes);
  free(side->lines);
  free(side->changed);
}

bool is_binary_side(const struct side *side) {
  size_t looked = side->size < TRANSFER_SIZE ? side->size : TRANSFER_SIZE;
  return !diff_ways.text && looked > 0 && memchr(side->bytes, '\0', looked) != NULL;
}

bool are_equal_sides(const struct side *left, const struct side *right) {
  return left->size == right->size && (left->size == 0 || memcmp(left->bytes, right->bytes, left->size) == 0);
}

static size_t count_lines(const struct side *side) {
  size_t count = 0;
  for (size_t at = 0; at < side->size; count += 1) {
    const char *newline = memchr(side->bytes + at, '\n', side->size - at);
    at = newline == NULL ? side->size : (size_t)(newline - side->bytes) + 1;
  }
  return count;
}

void split_side(struct side *side) {
  side->count = count_lines(side);
  side->lines = must_alloc((side->count + 1) * sizeof *side->lines);
  side->changed = must_alloc((side->count + 1) * sizeof *side->changed);
  memset(side->changed, 0, (side->count + 1) * sizeof *side->changed);
  side->no_last_newline = side->size > 0 && side->bytes[side->size - 1] != '\n';
  size_t at = 0;
  for (size_t index = 0; index < side->count; index += 1) {
    const char *newline = memchr(side->bytes + at, '\n', side->size - at);
    size_t end = newline == NULL ? side->size : (size_t)(newline - side->bytes);
    side->lines[index] = (struct line){side->bytes + at, end - at, 0};
    at = end + 1;
  }
}

static bool ignores(void) { return diff_ways.ignore_case || diff_ways.ignore_all_space || diff_ways.ignore_space_change; }

// The line as it is compared. One byte after another; -1 at its end.
static int next_byte(const struct line *line, size_t *at) {
  while (*at < line->length) {
    unsigned char byte = (unsigned char)line->bytes[*at];
    *at += 1;
    if (isspace(byte) && diff_ways.ignore_all_space) continue;
    if (isspace(byte) && diff_ways.ignore_space_change) {
      while (*at < line->length && isspace((unsigned char)line->bytes[*at])) *at += 1;
      return *at == line->length ? -1 : ' ';
    }
    return diff_ways.ignore_case ? tolower(byte) : byte;
  }
  return -1;
}

static uint32_t hash_of(const struct line *line) {
  uint32_t hash = 2166136261u;
  size_t at = 0;
  for (int byte; (byte = next_byte(line, &at)) >= 0;) hash = (hash ^ (uint32_t)byte) * 16777619u;
  return hash;
}

static bool same_line(const struct line *left, const struct line *right) {
  if (!ignores()) return left->length == right->length && memcmp(left->bytes, right->bytes, left->length) == 0;
  size_t at_left = 0, at_right = 0;
  for (;;) {
    int a = next_byte(left, &at_left), b = next_byte(right, &at_right);
    if (a != b) return false;
    if (a < 0) return true;
  }
}

struct kind {
  const struct line *line;
  bool cut;  // has no newline, so it is like no line that has one
};

// An open table, never more than half full.
struct kinds {
  uint32_t *slots;
  struct kind *kinds;
  uint32_t count;
  size_t mask;
};

static uint32_t kind_of(struct kinds *kinds, const struct line *line, bool cut) {
  size_t slot = hash_of(line) & kinds->mask;
  for (; kinds->slots[slot] != 0; slot = (slot + 1) & kinds->mask) {
    const struct kind *kind = &kinds->kinds[kinds->slots[slot]];
    if (kind->cut == cut && same_line(kind->line, line)) return kinds->slots[slot];
  }
  kinds->count += 1;
  kinds->kinds[kinds->count] = (struct kind){line, cut};
  kinds->slots[slot] = kinds->count;
  return kinds->count;
}

void class_sides(struct side *left, struct side *right) {
  size_t total = left->count + right->count;
  size_t size = 16;
  while (size < total * 2) size *= 2;
  struct kinds kinds = {must_alloc(size * sizeof(uint32_t)), must_alloc((total + 1) * sizeof(struct kind)), 0, size - 1};
  memset(kinds.slots, 0, size * sizeof(uint32_t));
  struct side *sides[2] = {left, right};
  for (int index = 0; index < 2; index += 1) {
    for (size_t line = 0; line < sides[index]->count; line += 1) {
      bool cut = sides[index]->no_last_newline && line + 1 == sides[index]->count && !ignores();
      sides[index]->lines[line].kind = kind_of(&kinds, &sides[index]->lines[line], cut);
    }
  }
  free(kinds.slots);
  free(kinds.kinds);
}
