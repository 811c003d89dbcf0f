#include "mode.h"

#include <string.h>

#define ALL_READ 0444
#define ALL_WRITE 0222
#define ALL_EXECUTE 0111
#define WHO_USER (S_ISUID | S_IRWXU)
#define WHO_GROUP (S_ISGID | S_IRWXG)
#define WHO_OTHERS (S_ISVTX | S_IRWXO)

static char type_letter(mode_t mode) {
  if (S_ISDIR(mode)) return 'd';
  if (S_ISLNK(mode)) return 'l';
  if (S_ISCHR(mode)) return 'c';
  if (S_ISBLK(mode)) return 'b';
  if (S_ISFIFO(mode)) return 'p';
  if (S_ISSOCK(mode)) return 's';
  return S_ISREG(mode) ? '-' : '?';
}

void mode_text(mode_t mode, char text[MODE_TEXT]) {
  static const char LETTERS[] = "rwxrwxrwx";
  text[0] = type_letter(mode);
  for (int bit = 0; bit < 9; bit += 1) text[bit + 1] = (mode & (0400u >> bit)) != 0 ? LETTERS[bit] : '-';
  if ((mode & S_ISUID) != 0) text[3] = text[3] == 'x' ? 's' : 'S';
  if ((mode & S_ISGID) != 0) text[6] = text[6] == 'x' ? 's' : 'S';
  if ((mode & S_ISVTX) != 0) text[9] = text[9] == 'x' ? 't' : 'T';
  text[10] = '\0';
}

const char *type_name(mode_t mode, bool is_empty) {
  switch (type_letter(mode)) {
    case 'd': return "directory";
    case 'l': return "symbolic link";
    case 'c': return "character special file";
    case 'b': return "block special file";
    case 'p': return "fifo";
    case 's': return "socket";
    case '-': return is_empty ? "regular empty file" : "regular file";
    default: return "weird file";
  }
}

mode_t current_umask(void) {
  mode_t mask = umask(0);
  umask(mask);
  return mask;
}

static bool apply_octal(const char *text, mode_t before, mode_t *after) {
  size_t length = strlen(text);
  mode_t value = 0;
  for (const char *digit = text; *digit != '\0'; digit += 1) {
    if (*digit < '0' || *digit > '7') return false;
    value = value * 8 + (mode_t)(*digit - '0');
    if (value > MODE_BITS) return false;
  }
  // A directory keeps its set-id bits unless all five digits are given.
  mode_t kept = S_ISDIR(before) && length < 5 ? before & (S_ISUID | S_ISGID) : 0;
  *after = (before & ~(mode_t)MODE_BITS) | value | kept;
  return true;
}

static mode_t parse_who(const char **text) {
  mode_t who = 0;
  for (;; *text += 1) {
    switch (**text) {
      case 'u': who |= WHO_USER; break;
      case 'g': who |= WHO_GROUP; break;
      case 'o': who |= WHO_OTHERS; break;
      case 'a': who |= MODE_BITS; break;
      default: return who;
    }
  }
}

// The three bits one class has, for all classes.
static mode_t spread(mode_t bits) { return bits | bits << 3 | bits << 6; }

// The bits that the letters behind an operator stand for, before who is looked at.
static mode_t parse_permissions(const char **text, mode_t mode) {
  switch (**text) {
    case 'u': *text += 1; return spread(mode >> 6 & 7);
    case 'g': *text += 1; return spread(mode >> 3 & 7);
    case 'o': *text += 1; return spread(mode & 7);
    default: break;
  }
  mode_t bits = 0;
  for (;; *text += 1) {
    switch (**text) {
      case 'r': bits |= ALL_READ; break;
      case 'w': bits |= ALL_WRITE; break;
      case 'x': bits |= ALL_EXECUTE; break;
      case 'X': bits |= S_ISDIR(mode) || (mode & ALL_EXECUTE) != 0 ? ALL_EXECUTE : 0; break;
      case 's': bits |= S_ISUID | S_ISGID; break;
      case 't': bits |= S_ISVTX; break;
      default: return bits;
    }
  }
}

static mode_t operate(char operator, mode_t mode, mode_t who, mode_t bits) {
  if (operator == '+') return mode | bits;
  if (operator == '-') return mode & ~bits;
  // A directory's set-id bits stay where = does not name them.
  mode_t kept = S_ISDIR(mode) ? mode & (S_ISUID | S_ISGID) : 0;
  return (mode & ~(who & MODE_BITS)) | bits | (kept & who);
}

// One clause, such as ug+rw-x. False when it is none.
static bool apply_clause(const char **text, mode_t *mode, mode_t mask) {
  mode_t named = parse_who(text);
  mode_t who = named == 0 ? MODE_BITS : named;
  if (**text == '\0' || strchr("+-=", **text) == NULL) return false;
  while (**text != '\0' && strchr("+-=", **text) != NULL) {
    char operator = **text;
    *text += 1;
    mode_t bits = parse_permissions(text, *mode) & who;
    if (named == 0) bits &= ~mask;
    *mode = operate(operator, *mode, who, bits);
  }
  return true;
}

bool apply_mode(const char *text, mode_t before, mode_t mask, mode_t *after) {
  if (*text >= '0' && *text <= '7') return apply_octal(text, before, after);
  mode_t mode = before;
  for (;;) {
    if (!apply_clause(&text, &mode, mask)) return false;
    if (*text == '\0') break;
    if (*text != ',') return false;
    text += 1;
  }
  *after = mode;
  return true;
}
