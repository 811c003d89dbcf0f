#include "lib/options.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/array.h"
#include "lib/lines.h"
#include "lib/message.h"
#include "lib/number.h"
#include "lib/writer.h"
#include "text/old-count.h"
#include "text/tail/tail.h"

static const struct option NAMES[] = {{"lines", required_argument, NULL, 'n'},
                                      {"bytes", required_argument, NULL, 'c'},
                                      {"follow", optional_argument, NULL, 'f'},
                                      {"retry", no_argument, NULL, OPTION_NAMED},
                                      {"sleep-interval", required_argument, NULL, 's'},
                                      {"quiet", no_argument, NULL, 'q'},
                                      {"silent", no_argument, NULL, 'q'},
                                      {"verbose", no_argument, NULL, 'v'},
                                      {"zero-terminated", no_argument, NULL, 'z'},
                                      {NULL, 0, NULL, 0}};
static const struct options OPTIONS = {"[-n [+]N | -c [+]N] [-fFqvz] [-s SECONDS] [FILE]...",
                                       "n:c:fFs:qvz", NAMES, 1};

static bool read_count(struct tail *how, const char *text, bool bytes) {
  how->bytes = bytes;
  how->from_start = *text == '+';
  if (*text == '-' || *text == '+') text += 1;
  if (parse_size(text, &how->count)) return true;
  message("invalid number of %s: '%s'", bytes ? "bytes" : "lines", text);
  return false;
}

static bool one(const struct tail *how, struct followed *file, const char *name) {
  int fd = input_open(name);
  *file = (struct followed){.name = name, .fd = fd};
  if (fd < 0) return false;
  bool good = tail_print(how, fd, name);
  struct stat status;
  bool known = fstat(fd, &status) == 0;
  // Whoever writes into a pipe has ended.
  bool stays = how->follow && good && known && !S_ISFIFO(status.st_mode);
  if (stays) {
    file->position = lseek(fd, 0, SEEK_CUR);
    file->inode = status.st_ino;
    file->device = status.st_dev;
    return good;
  }
  input_close(fd);
  file->fd = -1;
  return good;
}

static int tail(struct tail *how, char *const *names, int count) {
  struct followed *files = must_grow(NULL, (size_t)count, sizeof *files);
  bool good = true;
  bool first = true;
  for (int index = 0; index < count; index += 1) {
    if (how->titles) title_print(names[index], first);
    first = false;
    good = one(how, &files[index], names[index]) && good;
  }
  writer_flush(&out);
  if (how->follow) tail_follow(how, files, count, count - 1);
  free(files);
  return writer_finish(good ? 0 : 1);
}

int tail_main(int argc, char **argv) {
  struct tail how = {.count = 10, .delimiter = '\n', .pause = 1};
  bool quiet = false;
  bool verbose = false;
  int option;
  how.follow = strchr(old_count(argc, argv, "f"), 'f') != NULL;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    switch (option) {
      case 'n':
      case 'c': if (!read_count(&how, optarg, option == 'c')) return 1; break;
      case 'F': how.by_name = how.follow = true; break;
      case 'f':
        how.follow = true;
        if (optarg != NULL && strcmp(optarg, "name") == 0) how.by_name = true;
        break;
      case OPTION_NAMED: break;
      case 's':
        if (parse_seconds(optarg, &how.pause) && how.pause >= 0) break;
        message("invalid number of seconds: '%s'", optarg);
        return 1;
      case 'q': quiet = true; verbose = false; break;
      case 'v': verbose = true; quiet = false; break;
      case 'z': how.delimiter = '\0'; break;
      default: return options_status;
    }
  }
  static char *const standard[] = {"-", NULL};
  bool none = optind >= argc;
  how.titles = verbose || (!quiet && argc - optind > 1);
  return tail(&how, none ? standard : argv + optind, none ? 1 : argc - optind);
}
