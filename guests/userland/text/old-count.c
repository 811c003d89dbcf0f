#include "old-count.h"

#include <ctype.h>
#include <string.h>

#include "lib/memory.h"
#include "lib/writer.h"

const char *old_count(int argc, char **argv, const char *letters) {
  const char *text = argc > 1 ? argv[1] : "";
  bool plus = *text == '+' && *letters != '\0';
  if ((*text != '-' && !plus) || !isdigit((unsigned char)text[1])) return "";
  size_t digits = strspn(text + 1, "0123456789");
  const char *behind = text + 1 + digits;
  bool bytes = *behind == 'c';
  if (bytes || *behind == 'l') behind += 1;
  if (strspn(behind, letters) != strlen(behind)) return "";
  char *count = must_copy_part(text, digits + 1);
  argv[1] = must_format("-%c%s", bytes ? 'c' : 'n', plus ? count : count + 1);
  return behind;
}

void title_print(const char *name, bool first) {
  bool standard = strcmp(name, "-") == 0;
  writer_format(&out, "%s==> %s <==\n", first ? "" : "\n", standard ? "standard input" : name);
}
