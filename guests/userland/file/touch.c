#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/date-text.h"
#include "lib/message.h"
#include "lib/options.h"

enum { TIME = OPTION_NAMED };

static const struct option NAMES[] = {
  {"no-create", no_argument, NULL, 'c'}, {"date", required_argument, NULL, 'd'},
  {"reference", required_argument, NULL, 'r'}, {"no-dereference", no_argument, NULL, 'h'},
  {"time", required_argument, NULL, TIME}, {NULL, 0, NULL, 0},
};
static const struct options OPTIONS = {"[-acmh] [-d DATE] [-r FILE] [-t STAMP] FILE...", "acd:fhmr:t:", NAMES, 0};

static bool access_time, change_time, create = true, link_itself;

static bool touch(const char *path, const struct timespec times[2]) {
  int flags = link_itself ? AT_SYMLINK_NOFOLLOW : 0;
  if (utimensat(AT_FDCWD, path, times, flags) == 0) return true;
  if (errno != ENOENT || link_itself) {
    if (errno == ENOENT && !create) return true;
    message_errno("setting times of '%s'", path);
    return false;
  }
  if (!create) return true;
  int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
  if (file < 0) {
    message_errno("cannot touch '%s'", path);
    return false;
  }
  bool good = futimens(file, times) == 0;
  if (!good) message_errno("setting times of '%s'", path);
  close(file);
  return good;
}

static bool set_from_reference(const char *path, struct timespec times[2]) {
  struct stat info;
  if ((link_itself ? lstat(path, &info) : stat(path, &info)) != 0) {
    message_errno("failed to get attributes of '%s'", path);
    return false;
  }
  times[0] = info.st_atim;
  times[1] = info.st_mtim;
  return true;
}

static bool set_time(int option, const char *text, struct timespec times[2]) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (option == 'r') return set_from_reference(text, times);
  struct timespec moment = {0, 0};
  bool good = option == 'd' ? parse_date(text, now, &moment) : parse_stamp(text, now.tv_sec, &moment.tv_sec);
  if (!good) message("invalid date format '%s'", text);
  times[0] = times[1] = moment;
  return good;
}

static bool set_which(const char *word) {
  if (strcmp(word, "atime") == 0 || strcmp(word, "access") == 0 || strcmp(word, "use") == 0) access_time = true;
  else if (strcmp(word, "mtime") == 0 || strcmp(word, "modify") == 0) change_time = true;
  else return false;
  return true;
}

int touch_main(int argc, char **argv) {
  struct timespec times[2] = {{0, UTIME_NOW}, {0, UTIME_NOW}};
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    switch (option) {
      case 'a': access_time = true; break;
      case 'm': change_time = true; break;
      case 'c': create = false; break;
      case 'f': break;
      case 'h': link_itself = true; break;
      case 'd': case 'r': case 't':
        if (!set_time(option, optarg, times)) return 1;
        break;
      case TIME:
        if (set_which(optarg)) break;
        return usage_error(&OPTIONS, "invalid --time");
      default: return options_status;
    }
  }
  if (optind == argc) return usage_error(&OPTIONS, "missing file operand");
  if (access_time && !change_time) times[1].tv_nsec = UTIME_OMIT;
  if (change_time && !access_time) times[0].tv_nsec = UTIME_OMIT;
  int status = 0;
  for (int index = optind; index < argc; index += 1) {
    if (!touch(argv[index], times)) status = 1;
  }
  return status;
}
