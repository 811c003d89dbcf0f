// What SHA-256 and SHA-512 are, but for the size of their words and how far these turn. Each includes it once,
// with its ROOTS and
//
//   WORD, WORD_BYTES, ROUNDS, SUMS   the words, how many are mixed, and where they are in a state
//   EARLY, LATE, FIRST, SECOND       how far words turn: the last of EARLY and LATE is a shift
//   COMPRESS                         the name of the function
//
// @source FIPS 180-4, 4.1 and 6
static WORD turn(WORD value, unsigned by) { return value >> by | value << (8 * WORD_BYTES - by); }

static WORD word_at(const unsigned char *at) {
  WORD value = 0;
  for (int index = 0; index < WORD_BYTES; index += 1) value = value << 8 | at[index];
  return value;
}

// Three turns, or two and a shift.
static WORD turned(WORD value, const unsigned by[3]) {
  return turn(value, by[0]) ^ turn(value, by[1]) ^ turn(value, by[2]);
}
static WORD shifted(WORD value, const unsigned by[3]) {
  return turn(value, by[0]) ^ turn(value, by[1]) ^ value >> by[2];
}

static void expand(WORD *words, const unsigned char *block) {
  for (int at = 0; at < 16; at += 1) words[at] = word_at(block + WORD_BYTES * at);
  for (int at = 16; at < ROUNDS; at += 1) {
    words[at] = words[at - 16] + shifted(words[at - 15], EARLY) + words[at - 7] + shifted(words[at - 2], LATE);
  }
}

void COMPRESS(struct digest_state *state, const unsigned char *block) {
  WORD words[ROUNDS];
  WORD *sums = state->words.SUMS;
  WORD a = sums[0], b = sums[1], c = sums[2], d = sums[3];
  WORD e = sums[4], f = sums[5], g = sums[6], h = sums[7];
  expand(words, block);
  for (int at = 0; at < ROUNDS; at += 1) {
    WORD first = h + turned(e, FIRST) + ((e & f) ^ (~e & g)) + ROOTS[at] + words[at];
    WORD second = turned(a, SECOND) + ((a & b) ^ (a & c) ^ (b & c));
    h = g;
    g = f;
    f = e;
    e = d + first;
    d = c;
    c = b;
    b = a;
    a = first + second;
  }
  sums[0] += a;
  sums[1] += b;
  sums[2] += c;
  sums[3] += d;
  sums[4] += e;
  sums[5] += f;
  sums[6] += g;
  sums[7] += h;
}
