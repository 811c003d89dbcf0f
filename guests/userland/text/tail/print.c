#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/lines.h"
#include "lib/memory.h"
#include "lib/writer.h"
#include "text/tail/tail.h"

#define PIECE 65536

static bool copy_rest(int fd, const char *name) {
  char *piece = must_alloc(PIECE);
  ptrdiff_t count;
  while ((count = input_read(fd, name, piece, PIECE)) > 0) writer_put(&out, piece, (size_t)count);
  free(piece);
  return count == 0;
}

// How many bytes of a piece come before the unit number `*skip` (from 0); lowers `*skip`.
static size_t skipped(const struct tail *how, const char *piece, size_t length, int64_t *skip) {
  if (how->bytes) {
    size_t part = *skip < (int64_t)length ? (size_t)*skip : length;
    *skip -= (int64_t)part;
    return part;
  }
  size_t at = 0;
  while (*skip > 0) {
    const char *found = memchr(piece + at, how->delimiter, length - at);
    if (found == NULL) return length;
    at = (size_t)(found - piece) + 1;
    *skip -= 1;
  }
  return at;
}

static bool print_from(const struct tail *how, int fd, const char *name) {
  char *piece = must_alloc(PIECE);
  int64_t skip = how->count > 0 ? how->count - 1 : 0;
  ptrdiff_t count;
  while ((count = input_read(fd, name, piece, PIECE)) > 0) {
    size_t start = skipped(how, piece, (size_t)count, &skip);
    writer_put(&out, piece + start, (size_t)count - start);
  }
  free(piece);
  return count == 0;
}

// What was read last, in pieces, with the number of lines or bytes in each.
struct piece {
  struct piece *next;
  size_t length;
  int64_t units;
  char data[PIECE];
};

static int64_t units_in(const struct tail *how, const char *data, size_t length) {
  if (how->bytes) return (int64_t)length;
  int64_t count = 0;
  const char *end = data + length;
  while ((data = memchr(data, how->delimiter, (size_t)(end - data))) != NULL) {
    count += 1;
    data += 1;
  }
  return count;
}

// Fills the piece: pipes give little at a time, and a piece for each would be a lot.
static ptrdiff_t fill_piece(const struct tail *how, struct piece *piece, int fd, const char *name) {
  ptrdiff_t count = 0;
  while (piece->length < PIECE) {
    count = input_read(fd, name, piece->data + piece->length, PIECE - piece->length);
    if (count <= 0) break;
    piece->length += (size_t)count;
  }
  piece->units = units_in(how, piece->data, piece->length);
  return count;
}

static void print_pieces(const struct tail *how, struct piece *first, int64_t skip) {
  while (first != NULL) {
    size_t start = skip > 0 ? skipped(how, first->data, first->length, &skip) : 0;
    writer_put(&out, first->data + start, first->length - start);
    struct piece *next = first->next;
    free(first);
    first = next;
  }
}

// The last piece's last line may have no delimiter: it is a line more.
static bool open_ended(const struct tail *how, const struct piece *last) {
  return !how->bytes && last->length > 0 && last->data[last->length - 1] != how->delimiter;
}

static bool print_stream(const struct tail *how, int fd, const char *name) {
  struct piece *first = NULL;
  struct piece **end = &first;
  struct piece *last = NULL;
  int64_t units = 0;
  ptrdiff_t count;
  do {
    struct piece *piece = must_alloc(sizeof *piece);
    piece->next = NULL;
    piece->length = 0;
    count = fill_piece(how, piece, fd, name);
    if (piece->length == 0 && first != NULL) {
      free(piece);
      break;
    }
    *end = last = piece;
    end = &piece->next;
    units += piece->units;
    while (first != last && units - first->units > how->count) {
      struct piece *old = first;
      first = old->next;
      units -= old->units;
      free(old);
    }
  } while (count > 0);
  if (open_ended(how, last)) units += 1;
  // None of it is not the same as all that could be skipped.
  if (how->count > 0) print_pieces(how, first, units - how->count);
  else while (first != NULL) {
    struct piece *next = first->next;
    free(first);
    first = next;
  }
  return count == 0;
}

// Where the last `count` lines of a file that ends at `end` start, not before `least`.
static off_t start_of_lines(const struct tail *how, int fd, off_t least, off_t end, char *piece) {
  int64_t left = how->count;
  off_t at = end;
  bool last = true;
  while (at > least && left >= 0) {
    size_t length = at - least < PIECE ? (size_t)(at - least) : PIECE;
    at -= (off_t)length;
    if (pread(fd, piece, length, at) != (ssize_t)length) return least;
    // The delimiter at the very end ends the last line; it starts none.
    size_t from = last && piece[length - 1] == how->delimiter ? length - 1 : length;
    last = false;
    while (from > 0) {
      const char *found = memrchr(piece, how->delimiter, from);
      if (found == NULL) break;
      from = (size_t)(found - piece);
      left -= 1;
      if (left == 0) return at + (off_t)from + 1;
    }
  }
  return least;
}

static bool print_file(const struct tail *how, int fd, const char *name, off_t least, off_t end) {
  off_t start = end;
  if (how->count > 0 && how->bytes) start = end - least > how->count ? end - how->count : least;
  if (how->count > 0 && !how->bytes) {
    char *piece = must_alloc(PIECE);
    start = start_of_lines(how, fd, least, end, piece);
    free(piece);
  }
  lseek(fd, start, SEEK_SET);
  return copy_rest(fd, name);
}

bool tail_print(const struct tail *how, int fd, const char *name) {
  if (how->from_start) return print_from(how, fd, name);
  struct stat status;
  off_t least = lseek(fd, 0, SEEK_CUR);
  // Sizes of /proc's files say nothing.
  bool file = least >= 0 && fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0;
  if (!file || least > status.st_size) return print_stream(how, fd, name);
  return print_file(how, fd, name, least, status.st_size);
}
