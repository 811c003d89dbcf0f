#include "sh/builtin/number.h"

#include <string.h>

bool shell_number(const char *text, long long *number) {
  size_t length = strlen(text);
  if (length == 0 || length > 18 || strspn(text, "0123456789") != length) return false;
  *number = 0;
  for (; *text != '\0'; text += 1) *number = *number * 10 + (*text - '0');
  return true;
}
