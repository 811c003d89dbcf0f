// From the files to the output: in memory, by way of runs on disk, merging, or only checking.
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/bytes.h"
#include "lib/memory.h"
#include "lib/message.h"
#include "text/sort/sort.h"

// So many runs are merged into one, lest there be too many open files.
enum { RUNS = 64 };

struct runs {
  struct lines list[RUNS];
  size_t count;
};

// A file that has no name any more.
static int open_scratch(const struct sort *sort) {
  for (int attempt = 0; attempt < 10000; attempt += 1) {
    char *name = must_format("%s/sort-%d-%d", sort->scratch, (int)getpid(), attempt);
    int fd = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0) unlink(name);
    bool ends = fd >= 0 || errno != EEXIST;
    if (ends && fd < 0) message_errno("cannot create temporary file in '%s'", sort->scratch);
    free(name);
    if (ends) return fd;
  }
  return -1;
}

// What was written is what is read next.
static void turn_to_reading(const struct sort *sort, struct writer *writer, struct runs *runs) {
  writer_flush(writer);
  free(writer->buffer);
  lseek(writer->fd, 0, SEEK_SET);
  lines_from(&runs->list[runs->count++], writer->fd, "temporary file", sort->line_end);
}

static bool merge_runs(const struct sort *sort, struct runs *runs) {
  struct writer writer;
  int fd = open_scratch(sort);
  if (fd < 0) return false;
  writer_open(&writer, fd, "temporary file");
  sort_merge(sort, runs->list, runs->count, &writer);
  for (size_t index = 0; index < runs->count; index += 1) lines_close(&runs->list[index]);
  runs->count = 0;
  turn_to_reading(sort, &writer, runs);
  return true;
}

static bool write_run(const struct sort *sort, struct batch *batch, struct runs *runs) {
  struct writer writer;
  if (runs->count == RUNS && !merge_runs(sort, runs)) return false;
  int fd = open_scratch(sort);
  if (fd < 0) return false;
  writer_open(&writer, fd, "temporary file");
  batch_sort(sort, batch);
  batch_write(sort, batch, &writer);
  batch_empty(batch);
  turn_to_reading(sort, &writer, runs);
  return true;
}

static bool open_output(const struct sort *sort) {
  if (sort->output == NULL) return true;
  int fd = open(sort->output, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0) {
    message_errno("open failed: %s", sort->output);
    return false;
  }
  out.fd = fd;
  out.name = sort->output;
  return true;
}

static bool read_all(const struct sort *sort, char *const *names, size_t count, struct batch *batch,
                     struct runs *runs) {
  for (size_t index = 0; index < count; index += 1) {
    struct lines input;
    struct line line;
    if (!lines_open(&input, names[index], sort->line_end)) return false;
    while (lines_next(&input, &line)) {
      batch_add(sort, batch, line.text, line.length);
      if (batch->used > sort->memory && !write_run(sort, batch, runs)) return false;
    }
    if (!lines_close(&input)) return false;
  }
  return true;
}

static bool sort_files(const struct sort *sort, char *const *names, size_t count) {
  struct batch batch = {NULL, 0, 0, NULL, 0};
  struct runs *runs = must_alloc(sizeof *runs);
  runs->count = 0;
  bool good = read_all(sort, names, count, &batch, runs);
  if (good && runs->count > 0 && batch.count > 0) good = write_run(sort, &batch, runs);
  // The output may be one of the inputs: it is opened when they were read.
  good = good && open_output(sort);
  if (good && runs->count > 0) {
    sort_merge(sort, runs->list, runs->count, &out);
  } else if (good) {
    batch_sort(sort, &batch);
    batch_write(sort, &batch, &out);
  }
  for (size_t index = 0; index < runs->count; index += 1) good = lines_close(&runs->list[index]) && good;
  batch_empty(&batch);
  free(runs);
  return good;
}

static bool merge_files(const struct sort *sort, char *const *names, size_t count) {
  struct lines *inputs = must_grow(NULL, count, sizeof *inputs);
  bool good = true;
  size_t opened = 0;
  while (good && opened < count) {
    good = lines_open(&inputs[opened], names[opened], sort->line_end);
    if (good) opened += 1;
  }
  if (good) sort_merge(sort, inputs, count, &out);
  for (size_t index = 0; index < opened; index += 1) good = lines_close(&inputs[index]) && good;
  free(inputs);
  return good;
}

// Says where the first line stands that is not in order. Status 1 is no error but an answer.
static bool check(const struct sort *sort, const char *name, bool *in_order) {
  struct lines input;
  struct line line;
  struct bytes last = BYTES_NONE;
  *in_order = true;
  if (!lines_open(&input, name, sort->line_end)) return false;
  for (long long number = 1; *in_order && lines_next(&input, &line); number += 1) {
    if (number > 1) {
      struct entry before;
      struct entry entry;
      sort_make_entry(sort, last.data, last.length, &before);
      sort_make_entry(sort, line.text, line.length, &entry);
      int compared = sort_compare(sort, &before, &entry, sort->unique);
      *in_order = sort->unique ? compared < 0 : compared <= 0;
      if (!*in_order && sort->check == 'c') message("%s:%lld: disorder: %s", name, number, line.text);
    }
    bytes_clear(&last);
    bytes_add(&last, line.text, line.length);
  }
  bytes_free(&last);
  return lines_close(&input);
}

bool sort_run(const struct sort *sort, char *const *names, size_t count) {
  if (sort->check != 0) {
    bool in_order;
    if (!check(sort, names[0], &in_order)) return false;
    failure_status = in_order ? 0 : 1;
    return in_order;
  }
  if (sort->merge && sort->output == NULL) return merge_files(sort, names, count);
  return sort_files(sort, names, count);
}
