// head: the first lines or bytes, or all but the last.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/bytes.h"
#include "lib/lines.h"
#include "lib/memory.h"
#include "lib/message.h"
#include "lib/number.h"
#include "lib/options.h"
#include "lib/writer.h"
#include "text/old-count.h"

static const struct option NAMES[] = {{"lines", required_argument, NULL, 'n'},
                                      {"bytes", required_argument, NULL, 'c'},
                                      {"quiet", no_argument, NULL, 'q'},
                                      {"silent", no_argument, NULL, 'q'},
                                      {"verbose", no_argument, NULL, 'v'},
                                      {"zero-terminated", no_argument, NULL, 'z'},
                                      {NULL, 0, NULL, 0}};
static const struct options OPTIONS = {"[-n N | -c N] [-qvz] [FILE]...", "n:c:qvz", NAMES, 1};

struct head {
  int64_t count;
  bool bytes;
  bool but_last;
  char delimiter;
};

static void first_bytes(struct lines *input, int64_t count) {
  while (count > 0 && !lines_over(input)) {
    size_t length = input->end - input->start;
    if ((int64_t)length > count) length = (size_t)count;
    writer_put(&out, input->buffer + input->start, length);
    input->start += length;
    count -= (int64_t)length;
  }
}

static void first_lines(struct lines *input, int64_t count) {
  struct line line;
  for (; count > 0 && lines_next(input, &line); count -= 1) {
    writer_put(&out, line.text, line.length);
    if (line.ended) writer_byte(&out, input->delimiter);
  }
}

// Keeps `count` bytes back from the output.
static void all_but_bytes(struct lines *input, int64_t count) {
  struct bytes kept = BYTES_NONE;
  while (!lines_over(input)) {
    bytes_add(&kept, input->buffer + input->start, input->end - input->start);
    input->start = input->end;
    if ((int64_t)kept.length < count + WRITER_SIZE) continue;
    size_t length = kept.length - (size_t)count;
    writer_put(&out, kept.data, length);
    memmove(kept.data, kept.data + length, (size_t)count);
    kept.length = (size_t)count;
  }
  if ((int64_t)kept.length > count) writer_put(&out, kept.data, kept.length - (size_t)count);
  bytes_free(&kept);
}

// Lines that are kept back, the oldest first.
struct queue {
  struct bytes *lines;
  size_t size;
  size_t first;
  size_t count;
};

static struct bytes *queue_room(struct queue *queue) {
  if (queue->count == queue->size) {
    size_t size = queue->size == 0 ? 16 : queue->size * 2;
    struct bytes *lines = must_grow(NULL, size, sizeof *lines);
    for (size_t index = 0; index < size; index += 1) {
      bool old = index < queue->count;
      lines[index] = old ? queue->lines[(queue->first + index) % queue->size] : (struct bytes)BYTES_NONE;
    }
    free(queue->lines);
    *queue = (struct queue){lines, size, 0, queue->count};
  }
  return &queue->lines[(queue->first + queue->count++) % queue->size];
}

static void all_but_lines(struct lines *input, int64_t count) {
  struct queue queue = {NULL, 0, 0, 0};
  struct line line;
  while (lines_next(input, &line)) {
    if ((int64_t)queue.count >= count && count > 0) {
      writer_put(&out, queue.lines[queue.first].data, queue.lines[queue.first].length);
      queue.lines[queue.first].length = 0;
      queue.first = (queue.first + 1) % queue.size;
      queue.count -= 1;
    }
    if (line.ended) line.text[line.length] = input->delimiter;
    if (count == 0) writer_put(&out, line.text, line.length + line.ended);
    else bytes_add(queue_room(&queue), line.text, line.length + line.ended);
  }
  for (size_t index = 0; index < queue.size; index += 1) bytes_free(&queue.lines[index]);
  free(queue.lines);
}

static bool head(const struct head *how, const char *name) {
  struct lines input;
  if (!lines_open(&input, name, how->delimiter)) return false;
  if (how->but_last && how->bytes) all_but_bytes(&input, how->count);
  else if (how->but_last) all_but_lines(&input, how->count);
  else if (how->bytes) first_bytes(&input, how->count);
  else first_lines(&input, how->count);
  lines_give_back(&input);
  return lines_close(&input);
}

static bool read_count(struct head *how, const char *text, bool bytes) {
  how->bytes = bytes;
  how->but_last = *text == '-';
  if (*text == '-' || *text == '+') text += 1;
  if (parse_size(text, &how->count)) return true;
  message("invalid number of %s: '%s'", bytes ? "bytes" : "lines", text);
  return false;
}

int head_main(int argc, char **argv) {
  struct head how = {.count = 10, .delimiter = '\n'};
  bool quiet = false;
  bool verbose = false;
  int option;
  old_count(argc, argv, "");
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    switch (option) {
      case 'n':
      case 'c': if (!read_count(&how, optarg, option == 'c')) return 1; break;
      case 'q': quiet = true; verbose = false; break;
      case 'v': verbose = true; quiet = false; break;
      case 'z': how.delimiter = '\0'; break;
      default: return options_status;
    }
  }
  static char *const standard[] = {"-", NULL};
  char *const *names = optind < argc ? argv + optind : standard;
  bool titles = verbose || (!quiet && argc - optind > 1);
  bool good = true;
  for (bool first = true; *names != NULL; names += 1, first = false) {
    if (titles) title_print(*names, first);
    good = head(&how, *names) && good;
  }
  return writer_finish(good ? 0 : 1);
}
