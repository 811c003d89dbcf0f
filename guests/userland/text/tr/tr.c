// tr: bytes become other bytes, or go.
#include "lib/options.h"

#include <limits.h>
#include <stdlib.h>

#include "lib/lines.h"
#include "lib/memory.h"
#include "lib/message.h"
#include "lib/writer.h"
#include "text/tr/set.h"

#define PIECE 65536

static const struct option NAMES[] = {{"complement", no_argument, NULL, 'c'},
                                      {"delete", no_argument, NULL, 'd'},
                                      {"squeeze-repeats", no_argument, NULL, 's'},
                                      {"truncate-set1", no_argument, NULL, 't'},
                                      {NULL, 0, NULL, 0}};
static const struct options OPTIONS = {"[-cCdst] SET1 [SET2]", "+cCdst", NAMES, 1};

struct tr {
  unsigned char to[UCHAR_MAX + 1];
  bool deletes[UCHAR_MAX + 1];
  bool squeezes[UCHAR_MAX + 1];
  int last;
};

struct wish {
  bool complement;
  bool delete;
  bool squeeze;
  bool truncate;
};

static size_t translate(struct tr *tr, char *piece, size_t length) {
  size_t kept = 0;
  for (size_t at = 0; at < length; at += 1) {
    unsigned char byte = (unsigned char)piece[at];
    if (tr->deletes[byte]) continue;
    byte = tr->to[byte];
    if (tr->squeezes[byte] && byte == tr->last) continue;
    tr->last = byte;
    piece[kept++] = (char)byte;
  }
  return kept;
}

static int run(struct tr *tr) {
  char *piece = must_alloc(PIECE);
  ptrdiff_t count;
  while ((count = input_read(0, "standard input", piece, PIECE)) > 0) {
    writer_put(&out, piece, translate(tr, piece, (size_t)count));
  }
  free(piece);
  return writer_finish(count == 0 ? 0 : 1);
}

static void mark(bool *table, const struct set *set) {
  for (size_t at = 0; at < set->list.length; at += 1) table[(unsigned char)set->list.data[at]] = true;
}

// The first set's bytes become the second's; what has no partner becomes its last.
static bool map(struct tr *tr, const struct wish *wish, struct set *from, struct set *to) {
  set_fill(to, from->list.length);
  if (to->list.length == 0 && from->list.length > 0 && !wish->truncate) {
    message("when not truncating set1, string2 must be non-empty");
    return false;
  }
  for (size_t at = 0; at < from->list.length; at += 1) {
    if (at >= to->list.length && wish->truncate) break;
    size_t partner = at < to->list.length ? at : to->list.length - 1;
    tr->to[(unsigned char)from->list.data[at]] = (unsigned char)to->list.data[partner];
  }
  return true;
}

static bool prepare(struct tr *tr, const struct wish *wish, char *const *texts, int count) {
  struct set from;
  struct set to = {.list = BYTES_NONE};
  if (!set_parse(texts[0], &from) || (count > 1 && !set_parse(texts[1], &to))) return false;
  if (from.fill_at >= 0) {
    message("the [c*] repeat construct may not appear in string1");
    return false;
  }
  if (wish->complement) set_complement(&from);
  if (wish->delete) mark(tr->deletes, &from);
  else if (count > 1 && !map(tr, wish, &from, &to)) return false;
  if (wish->squeeze) mark(tr->squeezes, count > 1 ? &to : &from);
  bytes_free(&from.list);
  bytes_free(&to.list);
  return true;
}

int tr_main(int argc, char **argv) {
  struct wish wish = {.complement = false};
  struct tr tr = {.last = -1};
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    switch (option) {
      case 'c':
      case 'C': wish.complement = true; break;
      case 'd': wish.delete = true; break;
      case 's': wish.squeeze = true; break;
      case 't': wish.truncate = true; break;
      default: return options_status;
    }
  }
  int count = argc - optind;
  int least = wish.delete == wish.squeeze ? 2 : 1;
  int most = wish.delete && !wish.squeeze ? 1 : 2;
  if (count < least) return usage_error(&OPTIONS, "missing operand");
  if (count > most) return usage_error(&OPTIONS, "extra operand");
  for (int byte = 0; byte <= UCHAR_MAX; byte += 1) tr.to[byte] = (unsigned char)byte;
  if (!prepare(&tr, &wish, argv + optind, count)) return 1;
  return run(&tr);
}
