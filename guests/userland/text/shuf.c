// shuf: lines, operands or numbers in any order.
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/lines.h"
#include "lib/memory.h"
#include "lib/message.h"
#include "lib/number.h"
#include "lib/options.h"
#include "lib/writer.h"

static const struct option NAMES[] = {{"echo", no_argument, NULL, 'e'},
                                      {"input-range", required_argument, NULL, 'i'},
                                      {"head-count", required_argument, NULL, 'n'},
                                      {"output", required_argument, NULL, 'o'},
                                      {"repeat", no_argument, NULL, 'r'},
                                      {"zero-terminated", no_argument, NULL, 'z'},
                                      {NULL, 0, NULL, 0}};
static const struct options OPTIONS = {"[-rz] [-n COUNT] [-o FILE] [FILE] | -e [TEXT]... | -i LOW-HIGH",
                                       "ei:n:o:rz", NAMES, 1};

// Texts, or the numbers from `low` on.
struct items {
  struct line *list;
  uint64_t count;
  uint64_t low;
};

static uint64_t random_number(void) {
  uint64_t value = 0;
  // arc4random and getentropy are not everywhere; a file is.
  static int fd = -1;
  static unsigned char pool[4096];
  static size_t left;
  if (left < sizeof value) {
    if (fd < 0) fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
    ptrdiff_t count = fd < 0 ? -1 : input_read(fd, "/dev/urandom", pool, sizeof pool);
    left = count < (ptrdiff_t)sizeof value ? 0 : (size_t)count;
  }
  if (left == 0) {
    message("no random numbers");
    exit(1);
  }
  left -= sizeof value;
  memcpy(&value, pool + left, sizeof value);
  return value;
}

// Below `count`, each as likely as the others.
static uint64_t below(uint64_t count) {
  uint64_t limit = UINT64_MAX - UINT64_MAX % count;
  uint64_t value = random_number();
  while (value >= limit) value = random_number();
  return value % count;
}

static void print(const struct items *items, uint64_t index, char line_end) {
  if (items->list == NULL) writer_format(&out, "%llu", (unsigned long long)(items->low + index));
  else writer_put(&out, items->list[index].text, items->list[index].length);
  writer_byte(&out, line_end);
}

static void shuffle(const struct items *items, uint64_t wanted, char line_end) {
  uint64_t *order = must_grow(NULL, (size_t)items->count, sizeof *order);
  for (uint64_t index = 0; index < items->count; index += 1) order[index] = index;
  for (uint64_t index = 0; index < items->count && index < wanted; index += 1) {
    uint64_t other = index + below(items->count - index);
    uint64_t chosen = order[other];
    order[other] = order[index];
    print(items, chosen, line_end);
  }
  free(order);
}

static bool read_items(struct items *items, const char *name, char line_end, struct lines *input) {
  if (!lines_open(input, name, line_end)) return false;
  while (lines_fill(input)) continue;
  // All of it stays in the one buffer, so lines stay valid.
  struct line line;
  while (lines_next(input, &line)) {
    if ((items->count & (items->count - 1)) == 0) {
      size_t size = items->count == 0 ? 1 : (size_t)items->count * 2;
      items->list = must_grow(items->list, size, sizeof *items->list);
    }
    items->list[items->count++] = line;
  }
  return !input->failed;
}

static bool read_range(struct items *items, const char *text) {
  const char *dash = strchr(text, '-');
  int64_t low;
  int64_t high;
  char *first = must_copy_part(text, dash == NULL ? 0 : (size_t)(dash - text));
  bool good = dash != NULL && parse_number(first, INT64_MAX, &low) && parse_number(dash + 1, INT64_MAX, &high) &&
              low <= high + 1;
  free(first);
  if (!good) {
    message("invalid input range: '%s'", text);
    return false;
  }
  items->low = (uint64_t)low;
  items->count = (uint64_t)high - (uint64_t)low + 1;
  if (items->count <= SIZE_MAX / sizeof(uint64_t) / 2) return true;
  message("too many numbers");
  return false;
}

static void take_operands(struct items *items, char *const *operands, int count) {
  items->list = must_grow(NULL, (size_t)count + 1, sizeof *items->list);
  items->count = (uint64_t)count;
  for (int index = 0; index < count; index += 1) {
    items->list[index] = (struct line){operands[index], strlen(operands[index]), true};
  }
}

static int finish(const struct items *items, uint64_t wanted, bool repeats, char line_end, const char *to) {
  if (to != NULL) {
    out.name = to;
    out.fd = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (out.fd < 0) {
      message_errno("%s", to);
      return 1;
    }
  }
  if (repeats && items->count == 0 && wanted > 0) {
    message("no lines to repeat");
    return 1;
  }
  if (repeats) for (; wanted > 0; wanted -= 1) print(items, below(items->count), line_end);
  else shuffle(items, wanted, line_end);
  return writer_finish(0);
}

int shuf_main(int argc, char **argv) {
  struct items items = {NULL, 0, 0};
  struct lines input = {.buffer = NULL};
  int64_t wanted = INT64_MAX;
  const char *range = NULL;
  const char *to = NULL;
  bool operands = false;
  bool repeats = false;
  char line_end = '\n';
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    switch (option) {
      case 'e': operands = true; break;
      case 'i': range = optarg; break;
      case 'n':
        if (parse_number(optarg, INT64_MAX, &wanted)) break;
        message("invalid line count: '%s'", optarg);
        return 1;
      case 'o': to = optarg; break;
      case 'r': repeats = true; break;
      case 'z': line_end = '\0'; break;
      default: return options_status;
    }
  }
  if (range != NULL && !read_range(&items, range)) return 1;
  if (operands) take_operands(&items, argv + optind, argc - optind);
  bool reads = range == NULL && !operands;
  if (reads && !read_items(&items, optind < argc ? argv[optind] : "-", line_end, &input)) return 1;
  int status = finish(&items, (uint64_t)wanted, repeats, line_end, to);
  free(items.list);
  free(input.buffer);
  return status;
}
