// A well-behaved guest beside the hostile ones: computes, keeps a file, tells what it read back.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv) {
  const char *word = argc > 1 ? argv[1] : "";
  const char *secret = getenv("SECRET");
  uint32_t sum = 2166136261u;
  for (uint32_t at = 0; at < 200000; at++) sum = (sum ^ (at & 255)) * 16777619u;
  FILE *file = fopen("/tmp/notes", "w");
  if (file == NULL) return 1;
  for (int line = 0; line < 100; line++) fprintf(file, "%d %s %08x\n", line, word, sum + (uint32_t)line);
  fclose(file);
  char text[128];
  size_t bytes = 0;
  file = fopen("/tmp/notes", "r");
  if (file == NULL) return 1;
  while (fgets(text, sizeof text, file) != NULL) {
    bytes += strlen(text);
    fputs(text, stdout);
  }
  fclose(file);
  printf("%zu bytes, %s\n", bytes, secret == NULL ? "no secret" : secret);
  return 0;
}
