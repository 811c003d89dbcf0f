// Recognizes gestures: signals stretched in time, compared with patterns by dynamic time warping in
// a band, hopeless ones ruled out by envelopes; the best is aligned and resampled in fixed point.
#include "kernel.h"

#define LENGTH 128
#define PATTERNS 6
#define BAND 14
#define MOST_READ (LENGTH * 2)
#define FAR INT32_MAX
/** Places between samples have 16 bits. */
#define ONE (1 << 16)

typedef struct {
  int32_t samples[LENGTH], low[LENGTH], high[LENGTH];
} Pattern;

typedef struct {
  int32_t least;
  uint32_t pattern;
} Bound;

static Pattern patterns[PATTERNS];
/** Which way the cheapest path to a cell comes. */
static uint8_t ways[LENGTH][LENGTH];

static inline int32_t smaller(int32_t a, int32_t b) {
  return a < b ? a : b;
}

/** The value at a place in between, on a straight line. */
static inline int32_t between(const int32_t *samples, int length, int32_t place) {
  int index = place >> 16, fraction = place & (ONE - 1);
  if (index >= length - 1) return samples[length - 1];
  int64_t step = samples[index + 1] - samples[index];
  return samples[index] + (int32_t)((step * fraction) >> 16);
}

/** The same on a curve through the four samples around it. */
static int32_t curve(const int32_t *samples, int32_t place) {
  int index = place >> 16;
  int64_t t = place & (ONE - 1), s[4];
  for (int i = 0; i < 4; i++) {
    int at = index - 1 + i;
    s[i] = samples[at < 0 ? 0 : at >= LENGTH ? LENGTH - 1 : at];
  }
  int64_t cubic = 3 * (s[1] - s[2]) + s[3] - s[0];
  int64_t square = 2 * s[0] - 5 * s[1] + 4 * s[2] - s[3];
  int64_t sum = (((cubic * t) >> 16) + square) * t >> 16;
  return (int32_t)(s[1] + (((sum + s[2] - s[0]) * t) >> 17));
}

static NOINLINE void resample(int32_t *to, const int32_t *from, int length) {
  int32_t step = (int32_t)(((int64_t)(length - 1) << 16) / (LENGTH - 1));
  for (int i = 0; i < LENGTH; i++) to[i] = between(from, length, i * step);
}

/** Makes the mean 0 and the mean distance from it 1000. */
static void normalize(int32_t *samples) {
  int64_t sum = 0, spread = 0;
  for (int i = 0; i < LENGTH; i++) sum += samples[i];
  for (int i = 0; i < LENGTH; i++) {
    samples[i] -= (int32_t)(sum / LENGTH);
    spread += abs(samples[i]);
  }
  for (int i = 0; i < LENGTH; i++) {
    samples[i] = (int32_t)((int64_t)samples[i] * 1000 * LENGTH / (spread + 1));
  }
}

/** The most and the least within the band around each sample, by a queue of those that can still
 * be it. */
static NOINLINE void make_envelope(Pattern *pattern) {
  const int32_t *samples = pattern->samples;
  int lows[LENGTH], highs[LENGTH], low = 0, high = 0, low_end = 0, high_end = 0;
  for (int i = 0; i < LENGTH + BAND; i++) {
    if (i < LENGTH) {
      while (low_end > low && samples[lows[low_end - 1]] >= samples[i]) low_end--;
      while (high_end > high && samples[highs[high_end - 1]] <= samples[i]) high_end--;
      lows[low_end++] = highs[high_end++] = i;
    }
    if (i < BAND) continue;
    int center = i - BAND;
    if (lows[low] < center - BAND) low++;
    if (highs[high] < center - BAND) high++;
    pattern->low[center] = samples[lows[low]];
    pattern->high[center] = samples[highs[high]];
  }
}

/** No path can cost less than what is outside of the envelope. */
static NOINLINE int32_t least_distance(const int32_t *samples, const Pattern *pattern) {
  int32_t sum = 0;
  for (int i = 0; i < LENGTH; i++) {
    if (samples[i] > pattern->high[i]) sum += samples[i] - pattern->high[i];
    else if (samples[i] < pattern->low[i]) sum += pattern->low[i] - samples[i];
  }
  return sum;
}

/** What the cheapest path costs, if that is below a limit. */
static NOINLINE int32_t distance(const int32_t *a, const int32_t *b, int32_t limit) {
  int32_t rows[2][LENGTH + 2];
  for (int i = 0; i < LENGTH + 2; i++) rows[0][i] = rows[1][i] = FAR;
  rows[1][0] = 0;
  for (int i = 0; i < LENGTH; i++) {
    int32_t *row = rows[i & 1], *above = rows[~i & 1], least = FAR;
    int from = i > BAND ? i - BAND : 0, to = i + BAND < LENGTH ? i + BAND : LENGTH - 1;
    row[from] = FAR;
    for (int j = from; j <= to; j++) {
      int32_t before = smaller(above[j], smaller(above[j + 1], row[j]));
      row[j + 1] = before + abs(a[i] - b[j]);
      least = smaller(least, row[j + 1]);
    }
    row[to + 2] = FAR;
    if (i == 0) above[0] = FAR;
    if (least >= limit) return FAR;
  }
  return rows[(LENGTH - 1) & 1][LENGTH];
}

/** For each sample of the first where it is in the second, the middle of all it is matched with. */
static NOINLINE int32_t align(int32_t *places, const int32_t *a, const int32_t *b) {
  int32_t costs[LENGTH + 1], firsts[LENGTH] = {0}, lasts[LENGTH] = {0}, across = 0;
  for (int j = 0; j <= LENGTH; j++) costs[j] = FAR;
  for (int i = 0; i < LENGTH; i++) {
    int from = i > BAND ? i - BAND : 0, to = i + BAND < LENGTH ? i + BAND : LENGTH - 1;
    across = i == 0 ? 0 : costs[from];
    costs[from] = FAR;
    for (int j = from; j <= to; j++) {
      int32_t least = across;
      ways[i][j] = 0;
      if (costs[j + 1] < least) {
        least = costs[j + 1];
        ways[i][j] = 1;
      }
      if (costs[j] < least) {
        least = costs[j];
        ways[i][j] = 2;
      }
      across = costs[j + 1];
      costs[j + 1] = least + abs(a[i] - b[j]);
    }
  }
  for (int i = LENGTH - 1, j = LENGTH - 1; i >= 0 && j >= 0;) {
    if (lasts[i] == 0) lasts[i] = j + 1;
    firsts[i] = j + 1;
    int way = ways[i][j];
    i -= way != 2;
    j -= way != 1;
  }
  for (int i = 0; i < LENGTH; i++) places[i] = (firsts[i] + lasts[i] - 2) * (ONE / 2);
  return costs[LENGTH];
}

/** Waves of a few lengths on top of each other, by turning, and some steps. */
static void make_pattern(int32_t *samples) {
  int32_t x[3], y[3], height = 0;
  for (int i = 0; i < 3; i++) {
    x[i] = (int32_t)(next_random() % 6000) - 3000;
    y[i] = (int32_t)(next_random() % 6000) - 3000;
  }
  for (int i = 0; i < LENGTH; i++) {
    if (next_random() % 24 == 0) height = (int32_t)(next_random() % 4000) - 2000;
    samples[i] = height;
    for (int j = 0; j < 3; j++) {
      x[j] += y[j] * (j * 2 + 1) / 20;
      y[j] -= x[j] * (j * 2 + 1) / 20;
      samples[i] += x[j];
    }
  }
  normalize(samples);
}

/** Somebody does it, now faster, now slower, larger or smaller and not exactly. */
static int perform(int32_t *samples, const Pattern *pattern) {
  int32_t place = 0, speed = ONE, scale = 200 + (int32_t)(next_random() % 800), length = 0;
  while (place < (LENGTH - 1) * ONE && length < MOST_READ) {
    int32_t value = between(pattern->samples, LENGTH, place) * scale / 256;
    samples[length++] = value + (int32_t)(next_random() % 600) - 300;
    speed += (int32_t)(next_random() % 16001) - 8000;
    speed = speed < ONE / 2 ? ONE / 2 : smaller(speed, ONE * 2);
    place += speed;
  }
  return length;
}

static int by_bound(const void *a, const void *b) {
  const Bound *left = a, *right = b;
  if (left->least != right->least) return left->least < right->least ? -1 : 1;
  return left->pattern < right->pattern ? -1 : 1;
}

static NOINLINE uint32_t recognize(const int32_t *samples, int32_t *cost) {
  Bound bounds[PATTERNS];
  uint32_t best = 0;
  *cost = FAR;
  for (uint32_t i = 0; i < PATTERNS; i++) {
    bounds[i] = (Bound){least_distance(samples, &patterns[i]), i};
  }
  qsort(bounds, PATTERNS, sizeof *bounds, by_bound);
  for (int i = 0; i < PATTERNS && bounds[i].least < *cost; i++) {
    int32_t found = distance(patterns[bounds[i].pattern].samples, samples, *cost);
    if (found >= *cost) continue;
    *cost = found;
    best = bounds[i].pattern;
  }
  return best;
}

uint32_t run(int n) {
  int32_t read[MOST_READ], samples[LENGTH], places[LENGTH], cost;
  uint32_t sum = 0;
  seed = 719;
  for (int i = 0; i < PATTERNS; i++) {
    make_pattern(patterns[i].samples);
    make_envelope(&patterns[i]);
  }
  for (int round = 0; round < n; round++) {
    uint32_t meant = next_random() % PATTERNS;
    resample(samples, read, perform(read, &patterns[meant]));
    normalize(samples);
    uint32_t found = recognize(samples, &cost);
    const int32_t *pattern = patterns[found].samples;
    sum = mix(mix(sum, meant * PATTERNS + found), (uint32_t)cost);
    sum = mix(sum, (uint32_t)align(places, pattern, samples));
    for (int i = 0; i < LENGTH; i++) {
      sum = mix(sum, (uint32_t)(curve(samples, places[i]) - pattern[i]));
    }
  }
  return sum;
}
