// Looks for what others left behind or the host let through, or leaves something to be found.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include "trouble.h"

/* In pieces, so that this program's own data does not have it. */
static size_t pattern(char *into) {
  return (size_t)sprintf(into, "%s%s", arguments[2], arguments[3]);
}

/* Fills memory, files, descriptors and the file system with the pattern, and ends without tidying. */
static void leave(void) {
  char mark[64], path[96];
  size_t length = pattern(mark);
  size_t page = __builtin_wasm_memory_grow(0, 512);
  if (page == (size_t)-1) exit(3);
  char *memory = (char *)(page * 65536);
  for (size_t at = 0; at + length < 512 * 65536; at += length) memcpy(memory + at, mark, length);
  for (int at = 0; at < 50; at++) {
    snprintf(path, sizeof path, "/tmp/%s-%d", mark, at);
    int fd = open(path, O_RDWR | O_CREAT, 0600);
    if (fd < 0 || write(fd, memory, 65536) != 65536) exit(4);
  }
  printf("left\n");
}

static int holds(const char *bytes, size_t size, const char *mark, size_t length) {
  for (size_t at = 0; at + length <= size; at++) {
    if (bytes[at] == mark[0] && memcmp(bytes + at, mark, length) == 0) return 1;
  }
  return 0;
}

static void search(void) {
  char mark[64];
  size_t length = pattern(mark), dirty = 0;
  size_t page = __builtin_wasm_memory_grow(0, 600);
  if (page == (size_t)-1) exit(3);
  const uint64_t *fresh = (const uint64_t *)(page * 65536);
  for (size_t at = 0; at < 600 * 65536 / 8; at++) dirty += fresh[at] != 0;
  printf("%zu words not zero\n", dirty);
  printf("memory: %s\n", holds((const char *)fresh, 600 * 65536, mark, length) ? "found" : "clean");
  int open_fds = 0;
  for (int fd = 0; fd < 1100; fd++) {
    __wasi_fdstat_t stat;
    open_fds += __wasi_fd_fdstat_get(fd, &stat) == 0;
  }
  printf("%d descriptors\n", open_fds);
  int entries = 0;
  DIR *tmp = opendir("/tmp");
  while (tmp != NULL && readdir(tmp) != NULL) entries++;
  printf("%d entries in /tmp\n", entries);
}

static void show_file(const char *path) {
  static char bytes[65536];
  int fd = open(path, O_RDONLY);
  if (fd < 0) {
    printf("%s: %s\n", path, strerror(errno));
    return;
  }
  ssize_t count = read(fd, bytes, sizeof bytes);
  for (ssize_t at = 0; at < count; at++) {
    if (bytes[at] == 0) bytes[at] = '\n';
  }
  printf("%s:\n%.*s\n", path, (int)count, bytes);
  close(fd);
}

static void show_directory(const char *path, int depth) {
  char below[512];
  DIR *directory = opendir(path);
  if (directory == NULL) return;
  for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    snprintf(below, sizeof below, "%s/%s", path, entry->d_name);
    printf("%s\n", below);
    if (entry->d_type == DT_REG && strncmp(path, "/dev", 4) != 0) show_file(below);
    if (entry->d_type == DT_DIR && depth > 0) show_directory(below, depth - 1);
  }
  closedir(directory);
}

extern char **environ;

/* Everything this process can learn of where it is. */
static void probe(void) {
  char text[4096];
  for (char **variable = environ; *variable != NULL; variable++) printf("env %s\n", *variable);
  for (char **argument = arguments; *argument != NULL; argument++) printf("arg %s\n", *argument);
  printf("cwd %s\n", getcwd(text, sizeof text));
  show_directory("/proc", 4);
  show_directory("/sys", 4);
  show_directory("/dev", 2);
  show_directory("/etc", 2);
  show_directory("/mnt", 2);
}

int main(int argc, char **argv) {
  static const struct trouble troubles[] = {
      {"leave", leave},
      {"search", search},
      {"probe", probe},
      {NULL, NULL},
  };
  return make_trouble(troubles, argc, argv);
}
