// Learns to tell wanted letters from unwanted ones: words are cut from the text, counted in a hash
// table that grows and is weeded, and the fifteen that tell most vote by log-odds in fixed point.
#include "kernel.h"

#define MESSAGES 60
#define MOST_BYTES 700
#define MOST_LETTERS 16
#define TELLING 15
#define FRACTION 16

typedef struct {
  char *text;
  uint32_t hash;
  /** Letters it was in, wanted and unwanted. */
  uint32_t counts[2];
  /** The last letter it was in. */
  uint32_t seen;
} Word;

static Word *table;
static uint32_t room, used;
static uint32_t letters[2];
/** Logarithms to base two of 1 to 2, in fixed point. */
static int32_t logs[257];
static char message[MOST_BYTES + 64];

/** Bit by bit: squaring doubles a logarithm. */
static void make_logs(void) {
  for (uint32_t i = 0; i <= 256; i++) {
    uint64_t value = (256ull + i) << 23;
    int32_t log = 0;
    if (i == 256) log = 1 << FRACTION;
    for (int32_t bit = 1 << (FRACTION - 1); bit > 0 && i < 256; bit >>= 1) {
      value = value * value >> 31;
      if (value >> 32 == 0) continue;
      log += bit;
      value >>= 1;
    }
    logs[i] = log;
  }
}

/** Of a whole number above 0; between two entries of the table a straight line will do. */
static inline int32_t log_of(uint32_t value) {
  int32_t whole = 31 - __builtin_clz(value);
  uint32_t mantissa = value << (31 - whole);
  uint32_t at = mantissa >> 23 & 255, rest = mantissa >> 7 & 65535;
  int32_t step = logs[at + 1] - logs[at];
  return (whole << FRACTION) + logs[at] + (int32_t)((step * (int64_t)rest) >> 16);
}

/** Above 0 if the word speaks for an unwanted letter. */
static int32_t odds(const Word *word) {
  return log_of(word->counts[1] * 4 + 1) - log_of(letters[1] * 4 + 2) -
         log_of(word->counts[0] * 4 + 1) + log_of(letters[0] * 4 + 2);
}

static Word *place_of(Word *words, uint32_t size, const char *text, uint32_t hash) {
  uint32_t at = hash & (size - 1);
  while (words[at].text && (words[at].hash != hash || strcmp(words[at].text, text) != 0)) {
    at = (at + 1) & (size - 1);
  }
  return &words[at];
}

/** Moves all words to another table, but those that were in one letter only, long ago. */
static NOINLINE void rebuild(uint32_t size, uint32_t oldest) {
  Word *larger = calloc(size, sizeof *larger);
  used = 0;
  for (uint32_t i = 0; i < room; i++) {
    Word *word = &table[i];
    if (!word->text) continue;
    if (word->counts[0] + word->counts[1] <= 1 && word->seen < oldest) {
      free(word->text);
      continue;
    }
    *place_of(larger, size, word->text, word->hash) = *word;
    used++;
  }
  free(table);
  table = larger;
  room = size;
}

/** The word of that name, a new one if it was never seen. */
static NOINLINE Word *find(const char *text, uint32_t length, uint32_t hash) {
  Word *word = place_of(table, room, text, hash);
  if (word->text) return word;
  if (used * 4 >= room * 3) {
    rebuild(room * 2, 0);
    word = place_of(table, room, text, hash);
  }
  used++;
  *word = (Word){.text = memcpy(malloc(length + 1), text, length + 1), .hash = hash};
  return word;
}

static inline int is_part(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '$' || c == '!' || c == '-';
}

/** The next word, small letters all; one of the first line has a star before it, which tells where
 * it was. Numbers and what is too short are left out. Answers the length; 0 at the end. */
static NOINLINE uint32_t next_word(const char **at, char *word, uint32_t *hash) {
  for (;;) {
    uint32_t length = 0, digits = 0;
    const char *c = *at;
    while (*c && !is_part(*c | (*c >= 'A' && *c <= 'Z' ? 32 : 0))) c++;
    if (*c == 0) return 0;
    if (c < strchr(message, '\n')) word[length++] = '*';
    for (;; c++) {
      char small = *c >= 'A' && *c <= 'Z' ? (char)(*c | 32) : *c;
      if (!is_part(small)) break;
      digits += small >= '0' && small <= '9';
      if (length < MOST_LETTERS) word[length++] = small;
    }
    *at = c;
    if (length < 3 || digits + 1 >= length) continue;
    word[length] = 0;
    *hash = 2166136261u;
    for (uint32_t i = 0; i < length; i++) *hash = (*hash ^ (uint8_t)word[i]) * 16777619u;
    return length;
  }
}

/** What the words that tell most come to. */
static NOINLINE int32_t judge(uint32_t serial) {
  char text[MOST_LETTERS + 1];
  int32_t best[TELLING], total = 0;
  uint32_t count = 0, length, hash;
  for (const char *at = message; (length = next_word(&at, text, &hash)) > 0;) {
    Word *word = place_of(table, room, text, hash);
    if (!word->text || word->seen == serial) continue;
    word->seen = serial;
    int32_t own = odds(word);
    uint32_t i = count < TELLING ? count++ : TELLING;
    for (; i > 0 && abs(best[i - 1]) < abs(own); i--) {
      if (i < TELLING) best[i] = best[i - 1];
    }
    if (i < TELLING) best[i] = own;
  }
  for (uint32_t i = 0; i < count; i++) total += best[i];
  return total;
}

static NOINLINE void learn(int kind, uint32_t serial) {
  char text[MOST_LETTERS + 1];
  uint32_t length, hash;
  letters[kind]++;
  for (const char *at = message; (length = next_word(&at, text, &hash)) > 0;) {
    Word *word = find(text, length, hash);
    if (word->seen == serial) continue;
    word->seen = serial;
    word->counts[kind]++;
  }
}

/** Words of syllables, the first are the most frequent; each kind of letter has some of its own. */
static void make_message(int kind) {
  static const char SYLLABLES[][4] = {"ba", "con", "de", "fi", "gra", "lo", "mi", "ne",
                                      "per", "qu", "ra", "sto", "ti", "un", "ver", "zo"};
  char *out = stpcpy(message, "Subject: ");
  const char *end = message + 300 + next_random() % (MOST_BYTES - 300);
  for (int words = 0; out < end; words++) {
    uint32_t draw = next_random(), word = (draw & 31) * (draw >> 5 & 31);
    if (draw >> 10 & 3) word += 1024u << kind;
    int is_loud = kind == 1 && (draw >> 12 & 7) == 0;
    char *start = out;
    if ((draw >> 15 & 31) == 0) {
      for (int i = 0; i < 5; i++) *out++ = (char)('0' + next_random() % 10);
    } else {
      for (word += 16; word > 0; word /= 16) out = stpcpy(out, SYLLABLES[word % 16]);
    }
    for (char *c = start; is_loud && c < out; c++) *c &= *c >= 'a' ? 0xDF : 0xFF;
    if (is_loud && (draw & 1)) out = stpcpy(out, "!!");
    *out++ = words == 5 ? '\n' : (draw >> 20 & 7) == 0 ? ',' : ' ';
  }
  *out = 0;
}

uint32_t run(int n) {
  uint32_t sum = 0;
  seed = 619;
  make_logs();
  for (int round = 0; round < n; round++) {
    letters[0] = letters[1] = room = 0;
    rebuild(64, 0);
    for (uint32_t i = 1; i <= MESSAGES; i++) {
      int kind = next_random() % 5 < 2;
      make_message(kind);
      int32_t verdict = judge(i * 2);
      sum = mix(mix(sum, (uint32_t)verdict), (verdict > 0) == kind);
      learn(kind, i * 2 + 1);
      if (i % 20 == 0) rebuild(room, i * 2 - 16);
    }
    for (uint32_t i = 0; i < room; i++) {
      if (table[i].text) sum += mix(table[i].hash, table[i].counts[0] * 64 + table[i].counts[1]);
      free(table[i].text);
    }
    free(table);
    table = 0;
    sum = mix(sum, used);
  }
  return sum;
}
