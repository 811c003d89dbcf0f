// umask: prints or sets the mask, in octal or as chmod's symbols.
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sh/builtin/builtins.h"
#include "sh/output.h"
#include "sh/shell.h"

static void print_symbols(mode_t mask) {
  static const char who[] = "ugo";
  for (int i = 0; i < 3; i += 1) {
    int allowed = ~(int)mask >> (6 - 3 * i) & 7;
    output_format("%s%c=%s%s%s", i == 0 ? "" : ",", who[i], allowed & 4 ? "r" : "", allowed & 2 ? "w" : "",
                  allowed & 1 ? "x" : "");
  }
  output_char('\n');
}

static mode_t take_who(const char **text) {
  mode_t who = 0;
  for (;; *text += 1) {
    if (**text == 'u') who |= 0700;
    else if (**text == 'g') who |= 0070;
    else if (**text == 'o') who |= 0007;
    else if (**text == 'a') who |= 0777;
    else return who == 0 ? 0777 : who;
  }
}

static mode_t take_bits(const char **text) {
  mode_t bits = 0;
  for (;; *text += 1) {
    if (**text == 'r') bits |= 0444;
    else if (**text == 'w') bits |= 0222;
    else if (**text == 'x') bits |= 0111;
    else return bits;
  }
}

// What is allowed, changed by who=rwx, who+rwx, who-rwx. False: it is none of these.
static bool change(const char *text, mode_t *allowed) {
  for (;;) {
    mode_t who = take_who(&text);
    char operator = *text;
    if (operator == '\0' || strchr("=+-", operator) == NULL) return false;
    text += 1;
    mode_t bits = take_bits(&text) & who;
    if (operator == '=') *allowed = (*allowed & ~who) | bits;
    else *allowed = operator == '+' ? *allowed | bits : *allowed & ~bits;
    if (*text == '\0') return true;
    if (*text != ',') return false;
    text += 1;
  }
}

int umask_main(int argc, char **argv) {
  mode_t mask = umask(0);
  umask(mask);
  bool symbols = argc > 1 && strcmp(argv[1], "-S") == 0;
  const char *text = argv[symbols ? 2 : 1];
  if (text == NULL) {
    if (symbols) print_symbols(mask);
    else output_format("%04o\n", (unsigned)mask);
    return 0;
  }
  if (*text >= '0' && *text <= '7') {
    char *end;
    unsigned long value = strtoul(text, &end, 8);
    if (*end == '\0' && value <= 0777) {
      umask((mode_t)value);
      return 0;
    }
  } else {
    mode_t allowed = ~mask & 0777;
    if (change(text, &allowed)) {
      umask(~allowed & 0777);
      return 0;
    }
  }
  shell_warn("umask: Illegal mode: %s", text);
  return 2;
}
