#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/memory.h"
#include "lib/options.h"
#include "lib/path.h"
#include "lib/transfer.h"

static const struct options OPTIONS = {"[-a] NAME...", "a", NULL, 0};

static bool is_program(const char *path) {
  struct stat info;
  return stat(path, &info) == 0 && S_ISREG(info.st_mode) && access(path, X_OK) == 0;
}

static bool find(const char *name, bool all) {
  if (strchr(name, '/') != NULL) {
    if (!is_program(name)) return false;
    puts(name);
    return true;
  }
  const char *search = getenv("PATH");
  bool found = false;
  while (search != NULL && (all || !found)) {
    size_t length = strcspn(search, ":");
    char *directory = length == 0 ? must_copy(".") : must_copy_part(search, length);
    char *path = join_path(directory, name);
    if (*name != '\0' && is_program(path)) {
      puts(path);
      found = true;
    }
    free(directory);
    free(path);
    search = search[length] == ':' ? search + length + 1 : NULL;
  }
  return found;
}

int which_main(int argc, char **argv) {
  bool all = false;
  int option;
  while ((option = next_option(argc, argv, &OPTIONS)) != OPTIONS_END) {
    if (option != 'a') return options_status;
    all = true;
  }
  int status = optind == argc ? 1 : 0;
  for (int index = optind; index < argc; index += 1) {
    if (!find(argv[index], all)) status = 1;
  }
  return finish_output(status);
}
