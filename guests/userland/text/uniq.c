// uniq: lines that follow their like are one.
#include <ctype.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "lib/bytes.h"
#include "lib/lines.h"
#include "lib/message.h"
#include "lib/number.h"
#include "lib/options.h"
#include "lib/writer.h"

static const struct option NAMES[] = {{"count", no_argument, NULL, 'c'},
                                      {"repeated", no_argument, NULL, 'd'},
                                      {"all-repeated", no_argument, NULL, 'D'},
                                      {"unique", no_argument, NULL, 'u'},
                                      {"ignore-case", no_argument, NULL, 'i'},
                                      {"skip-fields", required_argument, NULL, 'f'},
                                      {"skip-chars", required_argument, NULL, 's'},
                                      {"check-chars", required_argument, NULL, 'w'},
                                      {"zero-terminated", no_argument, NULL, 'z'},
                                      {NULL, 0, NULL, 0}};
static const struct options OPTIONS = {"[-cdDuiz] [-f FIELDS] [-s BYTES] [-w BYTES] [INPUT [OUTPUT]]",
                                       "cdDuif:s:w:z", NAMES, 1};

struct uniq {
  bool count;
  bool repeated;
  bool all_repeated;
  bool unique;
  bool ignore_case;
  int64_t fields;
  int64_t skip;
  int64_t most;
  char delimiter;
};

// The part of a line that is compared.
struct part {
  const char *text;
  size_t length;
};

static struct part part_of(const struct uniq *how, const char *text, size_t length) {
  const char *end = text + length;
  for (int64_t field = 0; field < how->fields && text < end; field += 1) {
    while (text < end && isblank((unsigned char)*text)) text += 1;
    while (text < end && !isblank((unsigned char)*text)) text += 1;
  }
  text += how->skip < end - text ? how->skip : end - text;
  return (struct part){text, end - text > how->most ? (size_t)how->most : (size_t)(end - text)};
}

static bool same(const struct uniq *how, const struct part *one, const struct part *other) {
  if (one->length != other->length) return false;
  if (!how->ignore_case) return memcmp(one->text, other->text, one->length) == 0;
  for (size_t at = 0; at < one->length; at += 1) {
    if (tolower((unsigned char)one->text[at]) != tolower((unsigned char)other->text[at])) return false;
  }
  return true;
}

static void print(const struct uniq *how, const struct bytes *line, int64_t times) {
  if (how->all_repeated || (how->repeated && times < 2) || (how->unique && times > 1)) return;
  if (how->count) writer_format(&out, "%7lld ", (long long)times);
  writer_put(&out, line->data, line->length);
  writer_byte(&out, how->delimiter);
}

// -D prints each line of a group, the first when its second comes.
static void print_each(const struct uniq *how, const struct bytes *first, const struct line *line,
                       int64_t times) {
  if (times == 2) {
    writer_put(&out, first->data, first->length);
    writer_byte(&out, how->delimiter);
  }
  writer_put(&out, line->text, line->length);
  writer_byte(&out, how->delimiter);
}

static bool uniq(const struct uniq *how, const char *name) {
  struct lines input;
  struct line line;
  struct bytes last = BYTES_NONE;
  int64_t times = 0;
  if (!lines_open(&input, name, how->delimiter)) return false;
  while (lines_next(&input, &line)) {
    struct part old = part_of(how, last.data == NULL ? "" : last.data, last.length);
    struct part new = part_of(how, line.text, line.length);
    if (times > 0 && same(how, &old, &new)) {
      times += 1;
      if (how->all_repeated) print_each(how, &last, &line, times);
      continue;
    }
    if (times > 0) print(how, &last, times);
    bytes_clear(&last);
    bytes_add(&last, line.text, line.length);
    times = 1;
  }
  if (times > 0) print(how, &last, times);
  bytes_free(&last);
  return lines_close(&input);
}

static bool open_output(const char *name) {
  if (strcmp(name, "-") == 0) return true;
  int fd = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0) {
    message_errno("%s", name);
    return false;
  }
  out.fd = fd;
  out.name = name;
  return true;
}

static bool set(struct uniq *how, int option) {
  switch (option) {
    case 'c': how->count = true; return true;
    case 'd': how->repeated = true; return true;
    case 'D': how->all_repeated = true; return true;
    case 'u': how->unique = true; return true;
    case 'i': how->ignore_case = true; return true;
    case 'z': how->delimiter = '\0'; return true;
    case 'f': return parse_number(optarg, INT64_MAX, &how->fields);
    case 's': return parse_number(optarg, INT64_MAX, &how->skip);
    default: return parse_number(optarg, INT64_MAX, &how->most);
  }
}

int uniq_main(int argc, char **argv) {
  struct uniq how = {.most = INT64_MAX, .delimiter = '\n'};
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    if (option == OPTIONS_OVER) return options_status;
    if (!set(&how, option)) {
      message("invalid number '%s'", optarg);
      return 1;
    }
  }
  if (argc - optind > 2) return usage_error(&OPTIONS, "extra operand");
  if (argc - optind == 2 && !open_output(argv[optind + 1])) return 1;
  return writer_finish(uniq(&how, optind < argc ? argv[optind] : "-") ? 0 : 1);
}
