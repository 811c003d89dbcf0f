// The working directory is the kernel's.
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../check.h"

static char buffer[PATH_MAX];

static void moves(void) {
  CHECK_TEXT(getcwd(buffer, sizeof buffer), "/");
  CHECK(mkdir("/work", 0755), 0);
  CHECK(mkdir("work/in", 0755), 0);
  CHECK(chdir("/work"), 0);
  CHECK(chdir("in/../in"), 0);
  CHECK_TEXT(getcwd(buffer, sizeof buffer), "/work/in");
  CHECK(chdir(".."), 0);
  CHECK_TEXT(getcwd(buffer, sizeof buffer), "/work");
  CHECK_FAILS(chdir("none"), ENOENT);
  CHECK(getcwd(buffer, 3) == NULL, 1);
  CHECK(errno, ERANGE);
  char *made = getcwd(NULL, 0);
  CHECK_TEXT(made, "/work");
  free(made);
  holds("chdir and getcwd");
}

static void names(void) {
  FILE *file = fopen("here", "w");
  CHECK(file != NULL, 1);
  CHECK(fputs("text", file) >= 0, 1);
  CHECK(fclose(file), 0);
  struct stat found;
  CHECK(stat("/work/here", &found), 0);
  CHECK(found.st_size, 4);
  CHECK(rename("here", "in/there"), 0);
  CHECK(access("/work/in/there", F_OK), 0);
  CHECK(symlink("in/there", "link"), 0);
  CHECK_TEXT(realpath("link", buffer), "/work/in/there");
  int count = 0;
  DIR *directory = opendir(".");
  CHECK(directory != NULL, 1);
  while (readdir(directory) != NULL) count += 1;
  CHECK(closedir(directory), 0);
  // With the two dots.
  CHECK(count, 4);
  CHECK(unlink("link"), 0);
  // What the root has is not meant by a relative name.
  CHECK_FAILS(access("work", F_OK), ENOENT);
  holds("relative names");
}

static void by_descriptor(void) {
  int fd = open("in", O_RDONLY | O_DIRECTORY);
  CHECK(fd >= 0, 1);
  CHECK(openat(fd, "there", O_RDONLY) >= 0, 1);
  CHECK(fchdir(fd), 0);
  CHECK_TEXT(getcwd(buffer, sizeof buffer), "/work/in");
  CHECK(rename("/work", "/moved"), 0);
  CHECK_TEXT(getcwd(buffer, sizeof buffer), "/moved/in");
  CHECK(access("there", F_OK), 0);
  CHECK(unlink("there"), 0);
  CHECK(rmdir("/moved/in"), 0);
  CHECK(getcwd(buffer, sizeof buffer) == NULL, 1);
  CHECK(errno, ENOENT);
  CHECK(chdir("/"), 0);
  holds("by descriptor");
}

int main(void) {
  moves();
  names();
  by_descriptor();
  return 0;
}
