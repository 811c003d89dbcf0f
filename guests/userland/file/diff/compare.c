// The shortest way from one file to the other: Myers, "An O(ND) Difference Algorithm", in linear space.
#include <stdlib.h>
#include <string.h>

#include "diff.h"
#include "lib/memory.h"

// Lines of which all that is asked is their kind, and marks.
struct sequence {
  const struct line *lines;
  bool *changed;
};

static struct sequence left_lines, right_lines;
// How far each diagonal has come, from the front and from the back. Diagonals are counted from below zero.
static int64_t *forward, *backward;
// Steps after which a good cut will do instead of the best.
static int64_t enough;

static bool same(int64_t left, int64_t right) { return left_lines.lines[left].kind == right_lines.lines[right].kind; }

struct part {
  int64_t left, left_end, right, right_end;
};

struct cut {
  int64_t left, right;
};

struct range {
  int64_t low, high;  // diagonals that are looked at
};

// One more or one less diagonal at each end, and the places outside that lose every comparison.
static void widen(struct range *range, int64_t least, int64_t most, int64_t *reach, int64_t outside) {
  if (range->low > least) reach[--range->low - 1] = outside;
  else range->low += 1;
  if (range->high < most) reach[++range->high + 1] = outside;
  else range->high -= 1;
}

static struct cut best_so_far(const struct part *part, const struct range *range) {
  struct cut best = {part->left, part->right};
  int64_t furthest = -1;
  for (int64_t diagonal = range->low; diagonal <= range->high; diagonal += 2) {
    int64_t left = forward[diagonal] < part->left_end ? forward[diagonal] : part->left_end;
    int64_t right = left - diagonal;
    if (right > part->right_end) right = part->right_end, left = right + diagonal;
    if (right < part->right || left < part->left) continue;
    if (left + right <= furthest) continue;
    furthest = left + right;
    best = (struct cut){left, right};
  }
  return best;
}

// A place the shortest way goes through, about its middle.
static struct cut find_cut(const struct part *part) {
  int64_t least = part->left - part->right_end, most = part->left_end - part->right;
  int64_t front = part->left - part->right, back = part->left_end - part->right_end;
  bool odd = ((front - back) & 1) != 0;
  struct range forwards = {front, front}, backwards = {back, back};
  forward[front] = part->left;
  backward[back] = part->left_end;
  for (int64_t steps = 1;; steps += 1) {
    widen(&forwards, least, most, forward, -1);
    for (int64_t diagonal = forwards.high; diagonal >= forwards.low; diagonal -= 2) {
      int64_t below = forward[diagonal - 1], above = forward[diagonal + 1];
      int64_t left = below < above ? above : below + 1;
      int64_t right = left - diagonal;
      while (left < part->left_end && right < part->right_end && same(left, right)) left += 1, right += 1;
      forward[diagonal] = left;
      bool meets = odd && backwards.low <= diagonal && diagonal <= backwards.high && backward[diagonal] <= left;
      if (meets) return (struct cut){left, right};
    }
    widen(&backwards, least, most, backward, INT64_MAX);
    for (int64_t diagonal = backwards.high; diagonal >= backwards.low; diagonal -= 2) {
      int64_t below = backward[diagonal - 1], above = backward[diagonal + 1];
      int64_t left = below < above ? below : above - 1;
      int64_t right = left - diagonal;
      while (part->left < left && part->right < right && same(left - 1, right - 1)) left -= 1, right -= 1;
      backward[diagonal] = left;
      bool meets = !odd && forwards.low <= diagonal && diagonal <= forwards.high && left <= forward[diagonal];
      if (meets) return (struct cut){left, right};
    }
    if (steps >= enough) return best_so_far(part, &forwards);
  }
}

static void mark(bool *changed, int64_t from, int64_t to) {
  for (; from < to; from += 1) changed[from] = true;
}

static void compare(struct part part) {
  while (part.left < part.left_end && part.right < part.right_end && same(part.left, part.right)) {
    part.left += 1;
    part.right += 1;
  }
  while (part.left < part.left_end && part.right < part.right_end && same(part.left_end - 1, part.right_end - 1)) {
    part.left_end -= 1;
    part.right_end -= 1;
  }
  if (part.left == part.left_end) {
    mark(right_lines.changed, part.right, part.right_end);
  } else if (part.right == part.right_end) {
    mark(left_lines.changed, part.left, part.left_end);
  } else {
    struct cut cut = find_cut(&part);
    bool stuck = (cut.left == part.left && cut.right == part.right) || (cut.left == part.left_end && cut.right == part.right_end);
    if (stuck) {
      mark(left_lines.changed, part.left, part.left_end);
      mark(right_lines.changed, part.right, part.right_end);
      return;
    }
    compare((struct part){part.left, cut.left, part.right, cut.right});
    compare((struct part){cut.left, part.left_end, cut.right, part.right_end});
  }
}

// Lines in a row that are changed, and the line of the other side that belongs to the one behind them.
struct run {
  size_t start, end, partner;
};

static size_t kept_from(const struct side *side, size_t at) {
  while (side->changed[at]) at += 1;
  return at;
}

static size_t kept_before(const struct side *side, size_t at) {
  do at -= 1;
  while (side->changed[at]);
  return at;
}

// Whether lines of the other side changed at the same place.
static bool meets_other(const struct side *other, const struct run *run) {
  return run->partner > 0 && other->changed[run->partner - 1];
}

// A run may move over a line that is the same as the one at its other end.
static bool can_move_up(const struct side *side, const struct run *run) {
  return run->start > 0 && side->lines[run->start - 1].kind == side->lines[run->end - 1].kind;
}

static bool can_move_down(const struct side *side, const struct run *run) {
  return run->end < side->count && side->lines[run->start].kind == side->lines[run->end].kind;
}

static void move_up(struct side *side, const struct side *other, struct run *run) {
  side->changed[--run->start] = true;
  side->changed[--run->end] = false;
  run->partner = kept_before(other, run->partner);
}

static void move_down(struct side *side, const struct side *other, struct run *run) {
  side->changed[run->start++] = false;
  side->changed[run->end++] = true;
  run->partner = kept_from(other, run->partner + 1);
}

// A run goes as far down as it can: people end a function with the brace, and do not begin one with it.
// Runs it meets on the way become one with it. Where it can stand beside a change of the other side, it does.
static void settle(struct side *side, const struct side *other, struct run *run) {
  size_t length;
  bool met;
  size_t meeting = 0;
  do {
    length = run->end - run->start;
    while (can_move_up(side, run)) {
      move_up(side, other, run);
      while (run->start > 0 && side->changed[run->start - 1]) run->start -= 1;
    }
    met = meets_other(other, run);
    meeting = run->end;
    while (can_move_down(side, run)) {
      move_down(side, other, run);
      run->end = kept_from(side, run->end);
      if (!meets_other(other, run)) continue;
      met = true;
      meeting = run->end;
    }
  } while (length != run->end - run->start);
  while (met && meeting < run->end) move_up(side, other, run);
}

static void shift_runs(struct side *side, const struct side *other) {
  struct run run = {0, 0, kept_from(other, 0)};
  while (run.end < side->count) {
    if (side->changed[run.end]) {
      run.start = run.end;
      run.end = kept_from(side, run.end);
      settle(side, other, &run);
      continue;
    }
    run.end += 1;
    run.partner = kept_from(other, run.partner + 1);
  }
}

void mark_changes(struct side *left, struct side *right) {
  left_lines = (struct sequence){left->lines, left->changed};
  right_lines = (struct sequence){right->lines, right->changed};
  int64_t diagonals = (int64_t)left->count + (int64_t)right->count + 3;
  int64_t *reach = must_alloc((size_t)diagonals * 2 * sizeof *reach);
  forward = reach + right->count + 1;
  backward = forward + diagonals;
  enough = 256;
  for (int64_t rest = diagonals; rest > 0; rest >>= 2) enough <<= 1;
  if (enough < 4096) enough = 4096;
  compare((struct part){0, (int64_t)left->count, 0, (int64_t)right->count});
  free(reach);
  shift_runs(left, right);
  shift_runs(right, left);
}
