// wc: lines, words, characters, bytes and the longest line's width.
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/lines.h"
#include "lib/memory.h"
#include "lib/options.h"
#include "lib/writer.h"

#define PIECE 65536

enum { LINES, WORDS, CHARACTERS, BYTES, WIDTH, COUNTS };

static const struct option NAMES[] = {{"lines", no_argument, NULL, 'l'},
                                      {"words", no_argument, NULL, 'w'},
                                      {"chars", no_argument, NULL, 'm'},
                                      {"bytes", no_argument, NULL, 'c'},
                                      {"max-line-length", no_argument, NULL, 'L'},
                                      {NULL, 0, NULL, 0}};
static const struct options OPTIONS = {"[-lwcmL] [FILE]...", "lwmcL", NAMES, 1};
static const char LETTERS[] = "lwmcL";

struct state {
  long long counts[COUNTS];
  bool in_word;
  long long width;
};

static void count_lines(struct state *state, const char *piece, size_t length) {
  long long lines = 0;
  for (size_t at = 0; at < length; at += 1) lines += piece[at] == '\n';
  state->counts[LINES] += lines;
}

// All bytes but those that go on with a character in UTF-8.
static void count_characters(struct state *state, const char *piece, size_t length) {
  long long characters = 0;
  for (size_t at = 0; at < length; at += 1) characters += (piece[at] & 0xC0) != 0x80;
  state->counts[CHARACTERS] += characters;
}

static void end_line(struct state *state) {
  if (state->width > state->counts[WIDTH]) state->counts[WIDTH] = state->width;
  state->width = 0;
}

static void count_width(struct state *state, const char *piece, size_t length) {
  for (size_t at = 0; at < length; at += 1) {
    unsigned char byte = (unsigned char)piece[at];
    if (byte == '\n' || byte == '\r' || byte == '\f') end_line(state);
    else if (byte == '\t') state->width += 8 - state->width % 8;
    else if (byte >= ' ' && byte != 0x7F && (byte & 0xC0) != 0x80) state->width += 1;
  }
}

static void count_words(struct state *state, const char *piece, size_t length) {
  for (size_t at = 0; at < length; at += 1) {
    unsigned char byte = (unsigned char)piece[at];
    if (byte == ' ' || (byte >= '\t' && byte <= '\r')) {
      state->in_word = false;
    } else if (!state->in_word && byte > ' ' && byte != 0x7F) {
      state->in_word = true;
      state->counts[WORDS] += 1;
    }
  }
}

static bool count(const bool *wanted, int fd, const char *name, long long *counts) {
  struct state state = {.in_word = false};
  char *piece = must_alloc(PIECE);
  ptrdiff_t got;
  while ((got = input_read(fd, name, piece, PIECE)) > 0) {
    size_t length = (size_t)got;
    state.counts[BYTES] += got;
    if (wanted[LINES]) count_lines(&state, piece, length);
    if (wanted[WORDS]) count_words(&state, piece, length);
    if (wanted[CHARACTERS]) count_characters(&state, piece, length);
    if (wanted[WIDTH]) count_width(&state, piece, length);
  }
  free(piece);
  end_line(&state);
  memcpy(counts, state.counts, sizeof state.counts);
  return got == 0;
}

static void print(const bool *wanted, const long long *counts, int width, const char *name) {
  const char *space = "";
  for (int index = 0; index < COUNTS; index += 1) {
    if (!wanted[index]) continue;
    writer_format(&out, "%s%*lld", space, width, counts[index]);
    space = " ";
  }
  if (name != NULL) writer_format(&out, " %s", name);
  writer_byte(&out, '\n');
}

// As wide as the sum of the files' sizes; 7 when a size is not known.
static int width_for(char *const *names, int columns) {
  if (columns == 1 && (names[0] == NULL || names[1] == NULL)) return 1;
  long long sum = 0;
  int least = 1;
  struct stat status;
  if (names[0] == NULL) least = 7;
  for (; *names != NULL; names += 1) {
    bool standard = strcmp(*names, "-") == 0;
    if ((standard ? fstat(0, &status) : stat(*names, &status)) != 0) continue;
    if (S_ISREG(status.st_mode)) sum += status.st_size;
    else least = 7;
  }
  int width = 1;
  for (; sum >= 10; sum /= 10) width += 1;
  return width > least ? width : least;
}

// Counts and prints one; `shown` is the name printed, if any.
static bool one(const bool *wanted, const char *name, const char *shown, int width,
                long long *counts) {
  int fd = input_open(name);
  if (fd < 0) return false;
  bool good = count(wanted, fd, name, counts);
  input_close(fd);
  print(wanted, counts, width, shown);
  return good;
}

static int all(const bool *wanted, char *const *names, int width) {
  long long total[COUNTS] = {0};
  bool good = true;
  bool several = names[0] != NULL && names[1] != NULL;
  for (; *names != NULL; names += 1) {
    long long counts[COUNTS] = {0};
    good = one(wanted, *names, *names, width, counts) && good;
    for (int index = 0; index < COUNTS; index += 1) {
      if (index != WIDTH) total[index] += counts[index];
      else if (counts[index] > total[index]) total[index] = counts[index];
    }
  }
  if (several) print(wanted, total, width, "total");
  return good ? 0 : 1;
}

int wc_main(int argc, char **argv) {
  bool wanted[COUNTS] = {false};
  int columns = 0;
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    if (option == OPTIONS_OVER) return options_status;
    wanted[strchr(LETTERS, option) - LETTERS] = true;
  }
  for (int index = 0; index < COUNTS; index += 1) columns += wanted[index];
  if (columns == 0) {
    wanted[LINES] = wanted[WORDS] = wanted[BYTES] = true;
    columns = 3;
  }
  int width = width_for(argv + optind, columns);
  if (optind < argc) return writer_finish(all(wanted, argv + optind, width));
  long long counts[COUNTS];
  return writer_finish(one(wanted, "-", NULL, width, counts) ? 0 : 1);
}
