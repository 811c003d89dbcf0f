#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/message.h"
#include "lib/number.h"
#include "lib/options.h"

static const struct option NAMES[] = {
  {"no-create", no_argument, NULL, 'c'}, {"reference", required_argument, NULL, 'r'},
  {"size", required_argument, NULL, 's'}, {NULL, 0, NULL, 0},
};
static const struct options OPTIONS = {"[-c] -s [+-<>/%]SIZE | -r FILE FILE...", "cr:s:", NAMES, 0};

// A size, and how it changes the one there is: '=' sets it.
struct change {
  char operator;
  int64_t size;
};

static bool parse_change(const char *text, struct change *change) {
  change->operator = '=';
  if (*text != '\0' && strchr("+-<>/%", *text) != NULL) change->operator = *text++;
  if (!parse_size(text, &change->size)) return false;
  return change->size != 0 || (change->operator != '/' && change->operator != '%');
}

static int64_t new_size(int64_t old, const struct change *change) {
  int64_t size = change->size;
  switch (change->operator) {
    case '+': return old > INT64_MAX - size ? INT64_MAX : old + size;
    case '-': return old > size ? old - size : 0;
    case '<': return old < size ? old : size;
    case '>': return old > size ? old : size;
    case '/': return old - old % size;
    case '%': return old % size == 0 ? old : old > INT64_MAX - size ? INT64_MAX : old - old % size + size;
    default: return size;
  }
}

static bool resize(const char *path, const struct change *change, bool create) {
  int file = open(path, O_WRONLY | O_CLOEXEC | (create ? O_CREAT : 0), 0666);
  struct stat info;
  if (file < 0) {
    if (!create && access(path, F_OK) != 0) return true;
    message_errno("cannot open '%s' for writing", path);
    return false;
  }
  bool good = fstat(file, &info) == 0 && ftruncate(file, (off_t)new_size(info.st_size, change)) == 0;
  if (!good) message_errno("failed to truncate '%s'", path);
  close(file);
  return good;
}

int truncate_main(int argc, char **argv) {
  struct change change = {'\0', 0};
  bool create = true;
  struct stat info;
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    switch (option) {
      case 'c': create = false; break;
      case 'r':
        if (stat(optarg, &info) != 0) {
          message_errno("cannot stat '%s'", optarg);
          return 1;
        }
        change = (struct change){'=', info.st_size};
        break;
      case 's':
        if (parse_change(optarg, &change)) break;
        message("invalid number: '%s'", optarg);
        return 1;
      default: return options_status;
    }
  }
  if (change.operator == '\0') return usage_error(&OPTIONS, "you must specify either --size or --reference");
  if (optind == argc) return usage_error(&OPTIONS, "missing file operand");
  int status = 0;
  for (int index = optind; index < argc; index += 1) {
    if (!resize(argv[index], &change, create)) status = 1;
  }
  return status;
}
