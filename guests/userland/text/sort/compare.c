#include <ctype.h>
#include <string.h>

#include "text/sort/sort.h"

static int compare_bytes(struct piece one, struct piece other) {
  size_t length = one.length < other.length ? one.length : other.length;
  int compared = memcmp(one.text, other.text, length);
  if (compared != 0) return compared;
  return one.length < other.length ? -1 : one.length > other.length;
}

static bool is_ignored(const struct ordering *ordering, unsigned char byte) {
  if (ordering->dictionary && !isalnum(byte) && !isblank(byte)) return true;
  return ordering->printable && !isprint(byte);
}

// The next byte that counts; -1 at the end.
static int next_byte(const struct ordering *ordering, struct piece piece, size_t *at) {
  while (*at < piece.length) {
    unsigned char byte = (unsigned char)piece.text[*at];
    *at += 1;
    if (!is_ignored(ordering, byte)) return ordering->fold ? toupper(byte) : byte;
  }
  return -1;
}

static int compare_some_bytes(const struct ordering *ordering, struct piece one, struct piece other) {
  size_t first = 0;
  size_t second = 0;
  for (;;) {
    int left = next_byte(ordering, one, &first);
    int right = next_byte(ordering, other, &second);
    if (left != right) return left < right ? -1 : 1;
    if (left < 0) return 0;
  }
}

static bool is_plain(const struct ordering *ordering) {
  return !ordering->fold && !ordering->dictionary && !ordering->printable;
}

static int compare_key(const struct ordering *ordering, struct piece one, struct piece other) {
  int compared;
  if (ordering->order != ORDER_TEXT) compared = sort_compare_pieces(ordering->order, one, other);
  else if (is_plain(ordering)) compared = compare_bytes(one, other);
  else compared = compare_some_bytes(ordering, one, other);
  return ordering->reverse ? -compared : compared;
}

// The first bytes, the first of them highest.
static uint64_t rank_of_bytes(struct piece piece) {
  uint64_t rank = 0;
  size_t length = piece.length < 8 ? piece.length : 8;
  for (size_t at = 0; at < length; at += 1) rank |= (uint64_t)(unsigned char)piece.text[at] << (56 - 8 * at);
  return rank;
}

static uint64_t rank_of(const struct ordering *ordering, struct piece key) {
  uint64_t rank = 0;
  if (ordering->order != ORDER_TEXT) rank = sort_rank(ordering->order, key);
  else if (is_plain(ordering)) rank = rank_of_bytes(key);
  return ordering->reverse ? ~rank : rank;
}

void sort_make_entry(const struct sort *sort, const char *text, size_t length, struct entry *entry) {
  struct piece key = {text, length};
  if (sort->key_count > 0) key = sort_key_of(sort, &sort->keys[0], text, length);
  const struct ordering *ordering = sort->key_count > 0 ? &sort->keys[0].ordering : &sort->ordering;
  *entry = (struct entry){rank_of(ordering, key), text, length, key.text, key.length};
}

int sort_compare(const struct sort *sort, const struct entry *one, const struct entry *other, bool keys_only) {
  if (one->rank != other->rank) return one->rank < other->rank ? -1 : 1;
  const struct ordering *ordering = sort->key_count > 0 ? &sort->keys[0].ordering : &sort->ordering;
  int compared = compare_key(ordering, (struct piece){one->key, one->key_length},
                             (struct piece){other->key, other->key_length});
  for (size_t index = 1; compared == 0 && index < sort->key_count; index += 1) {
    const struct key *key = &sort->keys[index];
    compared = compare_key(&key->ordering, sort_key_of(sort, key, one->text, one->length),
                           sort_key_of(sort, key, other->text, other->length));
  }
  if (compared != 0 || keys_only || sort->stable || sort->unique) return compared;
  compared = compare_bytes((struct piece){one->text, one->length}, (struct piece){other->text, other->length});
  return sort->ordering.reverse ? -compared : compared;
}
