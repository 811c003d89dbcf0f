// Changes a tree and shows it. Each argument is a step; a step that fails prints its errno:
//   write:PATH:TEXT   mkdir:PATH   remove:PATH   rename:OLD:NEW   link:OLD:NEW   symlink:TEXT:PATH
//   times:PATH        1,000,000,007 s and 8 ns
//   fill:PATH:MIB     as many MiB, byte i is i mod 251
//   read:PATH         its text
//   show:PATH         type, size and names of it, and of everything below in order
//   wait              says that it is ready, and waits for a byte of standard input
//   spin  grow  trap  never ends; asks for memory until it is killed; ends by a trap
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int make_file(const char *path, const char *text) {
  int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (file < 0) return -1;
  ssize_t count = write(file, text, strlen(text));
  return close(file) < 0 || count < 0 ? -1 : 0;
}

static int fill(const char *path, long mib) {
  static uint8_t block[1 << 20];
  int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (file < 0) return -1;
  for (long done = 0; done < mib; done += 1) {
    for (size_t i = 0; i < sizeof block; i += 1) block[i] = (uint8_t)(((size_t)done * sizeof block + i) % 251);
    if (write(file, block, sizeof block) != (ssize_t)sizeof block) return -1;
  }
  return close(file);
}

static int show_text(const char *path) {
  char text[256];
  int file = open(path, O_RDONLY);
  if (file < 0) return -1;
  ssize_t count = read(file, text, sizeof text);
  if (count < 0) return -1;
  printf("%s = %.*s\n", path, (int)count, text);
  return close(file);
}

static int by_name(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static int show(const char *path) {
  struct stat stat;
  if (lstat(path, &stat) < 0) return -1;
  if (S_ISLNK(stat.st_mode)) {
    char text[256];
    ssize_t count = readlink(path, text, sizeof text);
    printf("%s -> %.*s\n", path, (int)count, text);
    return 0;
  }
  if (!S_ISDIR(stat.st_mode)) {
    printf("%s %lld bytes, %d names\n", path, (long long)stat.st_size, (int)stat.st_nlink);
    return 0;
  }
  printf("%s/\n", path);
  char *names[64];
  size_t count = 0;
  DIR *directory = opendir(path);
  if (directory == NULL) return -1;
  for (struct dirent *entry; (entry = readdir(directory)) != NULL && count < 64;) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    names[count++] = strdup(entry->d_name);
  }
  closedir(directory);
  qsort(names, count, sizeof *names, by_name);
  for (size_t i = 0; i < count; i += 1) {
    char below[512];
    snprintf(below, sizeof below, "%s/%s", path, names[i]);
    if (show(below) < 0) return -1;
    free(names[i]);
  }
  return 0;
}

static int set_times(const char *path) {
  struct timespec times[2] = {{1000000007, 8}, {1000000007, 8}};
  return utimensat(AT_FDCWD, path, times, 0);
}

static int wait_for_input(void) {
  char byte;
  printf("ready\n");
  fflush(stdout);
  return read(0, &byte, 1) < 0 ? -1 : 0;
}

static int remove_any(const char *path) { return unlink(path) == 0 ? 0 : rmdir(path); }

static int spin(void) {
  printf("ready\n");
  fflush(stdout);
  for (volatile unsigned long turns = 0;; turns += 1) {}
}

static int grow(void) {
  for (;;) {
    volatile char *page = malloc(1 << 20);
    if (page != NULL) *page = 1;
  }
}

static int act(const char *step, const char *a, const char *b) {
  if (strcmp(step, "write") == 0) return make_file(a, b);
  if (strcmp(step, "fill") == 0) return fill(a, atol(b));
  if (strcmp(step, "mkdir") == 0) return mkdir(a, 0755);
  if (strcmp(step, "remove") == 0) return remove_any(a);
  if (strcmp(step, "rename") == 0) return rename(a, b);
  if (strcmp(step, "link") == 0) return link(a, b);
  if (strcmp(step, "symlink") == 0) return symlink(a, b);
  if (strcmp(step, "times") == 0) return set_times(a);
  if (strcmp(step, "read") == 0) return show_text(a);
  if (strcmp(step, "show") == 0) return show(a);
  if (strcmp(step, "wait") == 0) return wait_for_input();
  if (strcmp(step, "spin") == 0) return spin();
  if (strcmp(step, "grow") == 0) return grow();
  if (strcmp(step, "trap") == 0) __builtin_trap();
  errno = EINVAL;
  return -1;
}

int main(int argc, char **argv) {
  int failed = 0;
  for (int i = 1; i < argc; i += 1) {
    char *rest = strdup(argv[i]);
    const char *step = strsep(&rest, ":");
    const char *a = rest == NULL ? "" : strsep(&rest, ":");
    const char *b = rest == NULL ? "" : rest;
    if (act(step, a, b) == 0) continue;
    printf("%s: %s\n", argv[i], strerror(errno));
    failed = 1;
  }
  return failed;
}
