#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/memory.h"
#include "lib/message.h"
#include "lib/options.h"
#include "lib/path.h"
#include "lib/transfer.h"

enum { SUFFIX = OPTION_NAMED, TRIES = 100, FEWEST = 3 };

static const struct option NAMES[] = {
  {"directory", no_argument, NULL, 'd'}, {"dry-run", no_argument, NULL, 'u'},
  {"quiet", no_argument, NULL, 'q'}, {"tmpdir", optional_argument, NULL, 'P'},
  {"suffix", required_argument, NULL, SUFFIX}, {NULL, 0, NULL, 0},
};
static const struct options OPTIONS = {"[-dqtu] [-p DIRECTORY] [--suffix=TEXT] [TEMPLATE]", "dqtup:", NAMES, 0};

static bool directory, dry, quiet;

static bool fill(char *places, size_t count) {
  static const char LETTERS[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  int random = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
  bool good = random >= 0;
  for (size_t index = 0; good && index < count; index += 1) {
    uint32_t value;
    good = read_full(random, &value, sizeof value) == (ssize_t)sizeof value;
    if (good) places[index] = LETTERS[value % (sizeof LETTERS - 1)];
  }
  if (random >= 0) close(random);
  return good;
}

static int make(const char *path) {
  if (dry) {
    struct stat info;
    if (lstat(path, &info) == 0) return errno = EEXIST, -1;
    return errno == ENOENT ? 0 : -1;
  }
  if (directory) return mkdir(path, 0700);
  int file = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  return file < 0 ? -1 : close(file);
}

// Puts letters where the last X stand, until there is no such file.
static bool create(char *path, size_t suffix) {
  char *end = path + strlen(path) - suffix;
  size_t count = 0;
  while (end - count > path && end[-1 - (ssize_t)count] == 'X') count += 1;
  for (int attempt = 0; attempt < TRIES; attempt += 1) {
    if (!fill(end - count, count)) return false;
    if (make(path) == 0) return true;
    if (errno != EEXIST) return false;
  }
  return false;
}

static const char *place_of(const char *given, bool use_environment) {
  const char *environment = getenv("TMPDIR");
  if (use_environment && environment != NULL && *environment != '\0') return environment;
  if (given != NULL && *given != '\0') return given;
  return environment != NULL && *environment != '\0' ? environment : "/tmp";
}

static bool is_template(const char *template, const char *suffix) {
  size_t end = strlen(template) - strlen(suffix);
  size_t count = 0;
  while (count < end && template[end - 1 - count] == 'X') count += 1;
  return count >= FEWEST && strchr(suffix, '/') == NULL;
}

int mktemp_main(int argc, char **argv) {
  const char *place = NULL, *suffix = "";
  bool below = false, old_style = false, suffix_given = false;
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    switch (option) {
      case 'd': directory = true; break;
      case 'u': dry = true; break;
      case 'q': quiet = true; break;
      case 't': below = old_style = true; break;
      case 'p': case 'P': below = true; place = optarg; break;
      case SUFFIX: suffix = optarg; suffix_given = true; break;
      default: return options_status;
    }
  }
  if (argc - optind > 1) return usage_error(&OPTIONS, "too many templates");
  bool given = optind < argc;
  char *template = must_format("%s%s", given ? argv[optind] : "tmp.XXXXXXXXXX", suffix);
  const char *last = given && !suffix_given ? strrchr(template, 'X') : NULL;
  if (last != NULL) suffix = last + 1;
  if (!is_template(template, suffix)) {
    message("too few X's in template '%s'", template);
    return 1;
  }
  char *path = given && !below ? must_copy(template) : join_path(place_of(place, old_style), template);
  bool good = create(path, strlen(suffix));
  if (good) puts(path);
  else if (!quiet) message_errno("failed to create %s via template '%s'", directory ? "directory" : "file", path);
  free(template);
  free(path);
  return finish_output(good ? 0 : 1);
}
