// The shortest way from one text to another, line by line, after Myers: lines compared as hashes,
// the furthest points of each diagonal kept for the way back, hunks written out.
#include "kernel.h"

#define LINES 240
#define LENGTH 48
/** Edits tried before the texts count as unlike. */
#define MOST 160

typedef struct {
  char text[LENGTH];
  uint32_t hash;
} Line;

typedef struct {
  int count;
  Line lines[LINES + LINES / 4];
} Text;

static Text before, after;
/** Row d: how far down `before` d edits get on each diagonal from -d to d, every second of them. */
static int furthest[MOST + 1][2 * MOST + 3];
static char written[2 * LINES * (LENGTH + 2)];

static uint32_t hash_of(const char *text) {
  uint32_t hash = 2166136261u;
  for (; *text; text++) hash = (hash ^ (uint8_t)*text) * 16777619u;
  return hash;
}

static inline int is_same(int x, int y) {
  const Line *left = &before.lines[x], *right = &after.lines[y];
  return left->hash == right->hash && strcmp(left->text, right->text) == 0;
}

/** Where d edits begin on a diagonal: behind an insertion (from the next one) or a deletion. */
static inline int is_insertion(const int *row, int edits, int diagonal) {
  return diagonal == -edits || (diagonal != edits && row[diagonal - 1] < row[diagonal + 1]);
}

/** How many edits there are, or -1: more than MOST. */
static NOINLINE int search(void) {
  int *first = furthest[0] + MOST + 1;
  first[1] = 0;
  for (int edits = 0; edits <= MOST; edits++) {
    int *row = furthest[edits] + MOST + 1;
    const int *last = edits == 0 ? first : furthest[edits - 1] + MOST + 1;
    for (int diagonal = -edits; diagonal <= edits; diagonal += 2) {
      int x = is_insertion(last, edits, diagonal) ? last[diagonal + 1] : last[diagonal - 1] + 1;
      int y = x - diagonal;
      for (; x < before.count && y < after.count && is_same(x, y); x++) y++;
      row[diagonal] = x;
      if (x >= before.count && y >= after.count) return edits;
    }
  }
  return -1;
}

/** From the end back to the start, so the last line comes first. */
static NOINLINE size_t write_edits(int edits) {
  char *out = written;
  for (int x = before.count, y = after.count; edits > 0; edits--) {
    const int *last = furthest[edits - 1] + MOST + 1;
    int inserted = is_insertion(last, edits, x - y), diagonal = x - y + (inserted ? 1 : -1);
    x = last[diagonal];
    y = x - diagonal;
    *out++ = inserted ? '+' : '-';
    out = stpcpy(out, inserted ? after.lines[y].text : before.lines[x].text);
    *out++ = '\n';
  }
  return (size_t)(out - written);
}

static void make_line(Line *line) {
  static const char *const WORDS[] = {"return ", "value", " = ", "next(", ");", "  ", "if (", "}"};
  char *end = line->text;
  for (uint32_t count = 1 + next_random() % 5; count > 0; count--) {
    end = stpcpy(end, WORDS[next_random() % 8]);
  }
  line->hash = hash_of(line->text);
}

static void append(Text *text, const Line *line) {
  text->lines[text->count++] = *line;
}

/** The same text with some lines gone, some new and some changed. */
static void edit(void) {
  after.count = 0;
  for (int i = 0; i < before.count; i++) {
    uint32_t draw = next_random() % 16;
    if (draw != 0) append(&after, &before.lines[i]);
    if (draw < 2) {
      Line made;
      make_line(&made);
      append(&after, &made);
    }
  }
}

uint32_t run(int n) {
  uint32_t sum = 0;
  seed = 233;
  before.count = LINES;
  for (int i = 0; i < LINES; i++) make_line(&before.lines[i]);
  for (int round = 0; round < n; round++) {
    edit();
    int edits = search();
    size_t length = edits < 0 ? 0 : write_edits(edits);
    sum = mix(sum, (uint32_t)edits);
    for (size_t i = 0; i < length; i++) sum = mix(sum, (uint8_t)written[i]);
    // The next text is edited from the same one, a line further on.
    make_line(&before.lines[round * 7 % LINES]);
  }
  return sum;
}
