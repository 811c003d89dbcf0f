// Leaves a pattern wherever it can (plant), or looks for one that an earlier guest left (search).
//
// The searcher gets the pattern backwards and compares byte by byte, so that it never holds the
// pattern itself.
#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

#define GROW_PAGES 128
#define PAGE 65536

static char *all_memory(size_t *size) {
  if (__builtin_wasm_memory_grow(0, GROW_PAGES) == (size_t)-1) exit(3);
  *size = __builtin_wasm_memory_size(0) * (size_t)PAGE;
  return (char *)0;
}

static int plant(const char *pattern) {
  size_t length = strlen(pattern), size;
  char path[128];
  size_t from = __builtin_wasm_memory_size(0) * (size_t)PAGE;
  char *memory = all_memory(&size);
  for (size_t at = from; at + length <= size; at += length) memcpy(memory + at, pattern, length);
  snprintf(path, sizeof path, "/tmp/%s", pattern);
  int file = open(path, O_WRONLY | O_CREAT, 0600);
  if (file < 0 || write(file, pattern, length) < 0) return 4;
  printf("%s\n", pattern);
  return 0;
}

static const char *backwards;
static size_t length;
static long found;

static int is_here(const volatile char *bytes) {
  for (size_t i = 0; i < length; i += 1)
    if (bytes[i] != backwards[length - 1 - i]) return 0;
  return 1;
}

static void look(const char *where, const volatile char *bytes, size_t size) {
  for (size_t at = 0; at + length <= size; at += 1) {
    if (!is_here(bytes + at)) continue;
    if (found == 0) printf("%s\n", where);
    found += 1;
  }
}

static void look_in_file(int file) {
  static char block[65536];
  ssize_t count;
  while ((count = read(file, block, sizeof block)) > 0) look("a file", block, (size_t)count);
}

static void look_in_tree(const char *path, int depth) {
  DIR *directory = opendir(path);
  struct dirent *entry;
  char below[512];
  if (directory == NULL) return;
  while ((entry = readdir(directory)) != NULL) {
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    look("a name", entry->d_name, strlen(entry->d_name));
    snprintf(below, sizeof below, "%s/%s", path, entry->d_name);
    if (entry->d_type == DT_DIR && depth < 6) look_in_tree(below, depth + 1);
    if (entry->d_type != DT_REG) continue;
    int file = open(below, O_RDONLY | O_NONBLOCK);
    if (file >= 0) look_in_file(file), close(file);
  }
  closedir(directory);
}

static int search(void) {
  size_t size;
  char *memory = all_memory(&size);
  look("memory", memory, size);
  for (char **entry = environ; *entry != NULL; entry += 1) look("env", *entry, strlen(*entry));
  for (int fd = 0; fd < 1024; fd += 1)
    if (fd != 1 && fd != 2) look_in_file(fd);
  look_in_tree("/", 0);
  printf("found %ld\n", found);
  return found > 0;
}

int main(int argc, char **argv) {
  if (argc < 3) return 2;
  if (strcmp(argv[1], "plant") == 0) return plant(argv[2]);
  backwards = argv[2];
  length = strlen(backwards);
  /* A search that must find: the control. */
  if (argc > 3 && plant(argv[3]) != 0) return 5;
  return search();
}
