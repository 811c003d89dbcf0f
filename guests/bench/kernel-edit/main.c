// An editor's text as pieces in a balanced tree: put in, cut out, moved, undone and done again, lines
// found by number. Recursion that splits and joins trees by chance, nodes by malloc.
#include "kernel.h"

#define ORIGINAL 8000
#define MOST_ADDED 65536
#define MOST_UNDO 40
#define EDITS 300
#define VIEW 120

typedef struct Piece {
  struct Piece *left, *right;
  const char *start;
  uint32_t length, lines, rank;
  /** Of the piece and all below. */
  uint32_t total, all_lines;
} Piece;

/** Text that came in, or that was cut out: then it is kept aside. */
typedef struct {
  uint32_t at, length;
  Piece *aside;
} Change;

static char original[ORIGINAL], added[MOST_ADDED];
static uint32_t used, pieces;
static Piece *root;
static Change changes[MOST_UNDO];
static int done, undone;

static uint32_t count_lines(const char *start, uint32_t length) {
  uint32_t lines = 0;
  for (uint32_t i = 0; i < length; i++) lines += start[i] == '\n';
  return lines;
}

static Piece *make(const char *start, uint32_t length, uint32_t rank) {
  Piece *made = malloc(sizeof *made);
  uint32_t lines = count_lines(start, length);
  *made = (Piece){0, 0, start, length, lines, rank, length, lines};
  pieces++;
  return made;
}

static inline uint32_t total(const Piece *piece) {
  return piece ? piece->total : 0;
}

static inline uint32_t all_lines(const Piece *piece) {
  return piece ? piece->all_lines : 0;
}

static inline Piece *updated(Piece *piece) {
  piece->total = total(piece->left) + piece->length + total(piece->right);
  piece->all_lines = all_lines(piece->left) + piece->lines + all_lines(piece->right);
  return piece;
}

static NOINLINE Piece *join(Piece *a, Piece *b) {
  if (!a) return b;
  if (!b) return a;
  if (a->rank > b->rank) {
    a->right = join(a->right, b);
    return updated(a);
  }
  b->left = join(a, b->left);
  return updated(b);
}

/** What is before a place and what is after it; a piece across it becomes two. */
static NOINLINE void split(Piece *piece, uint32_t at, Piece **before, Piece **after) {
  if (!piece) {
    *before = *after = 0;
    return;
  }
  uint32_t left = total(piece->left);
  if (at <= left) {
    split(piece->left, at, before, &piece->left);
    *after = updated(piece);
  } else if (at >= left + piece->length) {
    split(piece->right, at - left - piece->length, &piece->right, after);
    *before = updated(piece);
  } else {
    uint32_t kept = at - left;
    Piece *rest = make(piece->start + kept, piece->length - kept, next_random());
    *after = join(rest, piece->right);
    piece->right = 0;
    piece->length = kept;
    piece->lines -= rest->lines;
    *before = updated(piece);
  }
}

static void discard(Piece *piece) {
  if (!piece) return;
  discard(piece->left);
  discard(piece->right);
  free(piece);
  pieces--;
}

static NOINLINE void put_in(uint32_t at, Piece *tree) {
  Piece *before, *after;
  split(root, at, &before, &after);
  root = join(join(before, tree), after);
}

static NOINLINE Piece *cut_out(uint32_t at, uint32_t length) {
  Piece *before, *cut, *after;
  split(root, at, &before, &after);
  split(after, length, &cut, &after);
  root = join(before, after);
  return cut;
}

/** What was undone can no longer be done again; of what was done the oldest is forgotten. */
static void note(Change change) {
  for (int i = done; i < done + undone; i++) discard(changes[i].aside);
  undone = 0;
  if (done == MOST_UNDO) {
    discard(changes[0].aside);
    memmove(changes, changes + 1, (MOST_UNDO - 1) * sizeof *changes);
    done--;
  }
  changes[done++] = change;
}

/** Both ways: what is aside comes in, what is in goes aside. */
static void toggle(Change *change) {
  if (change->aside) {
    put_in(change->at, change->aside);
    change->aside = 0;
  } else {
    change->aside = cut_out(change->at, change->length);
  }
}

static NOINLINE void type(uint32_t at, uint32_t length) {
  char *start = added + used;
  if (length > MOST_ADDED - used) return;
  for (uint32_t i = 0; i < length; i++) {
    uint32_t draw = next_random() % 40;
    start[i] = draw < 26 ? (char)('a' + draw) : draw < 38 ? ' ' : '\n';
  }
  used += length;
  put_in(at, make(start, length, next_random()));
  note((Change){at, length, 0});
}

static void erase(uint32_t at, uint32_t length) {
  note((Change){at, length, cut_out(at, length)});
}

/** The same pieces elsewhere: nobody can undo that, so what was before is forgotten. */
static void move(uint32_t at, uint32_t length) {
  Piece *moved = cut_out(at, length);
  put_in(next_random() % (total(root) + 1), moved);
  for (int i = 0; i < done + undone; i++) discard(changes[i].aside);
  done = undone = 0;
}

/** Where a line begins, the first is 0; the end of the text if there are not so many. */
static NOINLINE uint32_t line_start(uint32_t line) {
  uint32_t at = 0;
  if (line == 0 || line > all_lines(root)) return line == 0 ? 0 : total(root);
  for (const Piece *piece = root;;) {
    if (line <= all_lines(piece->left)) {
      piece = piece->left;
      continue;
    }
    line -= all_lines(piece->left);
    at += total(piece->left);
    if (line <= piece->lines) {
      const char *c = piece->start;
      for (; line > 0; c++) line -= *c == '\n';
      return at + (uint32_t)(c - piece->start);
    }
    line -= piece->lines;
    at += piece->length;
    piece = piece->right;
  }
}

/** A checksum of the text from one place to another, both counted from where the tree begins. */
static NOINLINE uint32_t read_part(const Piece *piece, uint32_t from, uint32_t to, uint32_t sum) {
  if (!piece || from >= piece->total || from >= to) return sum;
  uint32_t left = total(piece->left), end = left + piece->length;
  if (from < left) sum = read_part(piece->left, from, to < left ? to : left, sum);
  for (uint32_t i = from > left ? from : left; i < to && i < end; i++) {
    sum = mix(sum, (uint8_t)piece->start[i - left]);
  }
  return to > end ? read_part(piece->right, from > end ? from - end : 0, to - end, sum) : sum;
}

static NOINLINE void edit(void) {
  uint32_t draw = next_random(), size = total(root), length = 1 + next_random() % 40;
  uint32_t at = next_random() % (size + 1);
  switch (draw % 8) {
    case 0:
    case 1:
    case 2: type(at, length); break;
    case 3:
    case 4:
      if (at + length <= size) erase(at, length);
      break;
    case 5:
      if (at + length <= size) move(at, length);
      break;
    case 6:
      for (int i = (int)(draw / 8 % 4); i >= 0 && done > 0; i--, undone++) toggle(&changes[--done]);
      break;
    default:
      for (int i = (int)(draw / 8 % 3); i >= 0 && undone > 0; i--, undone--) toggle(&changes[done++]);
  }
}

uint32_t run(int n) {
  uint32_t sum = 0;
  seed = 353;
  for (uint32_t i = 0; i < ORIGINAL; i++) {
    uint32_t draw = next_random();
    original[i] = draw % 37 == 0 ? '\n' : (char)(' ' + draw % 64);
  }
  for (int round = 0; round < n; round++) {
    used = pieces = 0;
    done = undone = 0;
    root = make(original, ORIGINAL, next_random());
    for (int i = 0; i < EDITS; i++) {
      edit();
      uint32_t start = line_start(next_random() % (all_lines(root) + 2));
      sum = mix(sum, read_part(root, start, start + VIEW, start));
    }
    sum = read_part(root, 0, total(root), mix(sum, pieces));
    for (int i = 0; i < done + undone; i++) discard(changes[i].aside);
    discard(root);
    sum = mix(sum, pieces);
  }
  return sum;
}
