#include "fields.h"

#include <stdlib.h>
#include <string.h>

static int cut(char *line, char **fields, int count) {
  line[strcspn(line, "\n")] = '\0';
  int found = 0;
  while (found < count) {
    fields[found++] = line;
    char *end = strchr(line, ':');
    if (end == NULL) break;
    *end = '\0';
    line = end + 1;
  }
  return found;
}

bool next_fields(FILE *file, char **line, size_t *size, char **fields, int count) {
  while (getline(line, size, file) >= 0) {
    if (cut(*line, fields, count) == count) return true;
  }
  return false;
}

bool id_of(const char *text, unsigned *id) {
  char *end;
  unsigned long long number = strtoull(text, &end, 10);
  if (*text < '0' || *text > '9' || *end != '\0' || number > 0xffffffffULL) return false;
  *id = (unsigned)number;
  return true;
}
