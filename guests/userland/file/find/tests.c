// The primaries that ask about a file's name, kind, owner and size.
#include <dirent.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "find.h"
#include "lib/memory.h"
#include "lib/mode.h"
#include "lib/number.h"
#include "lib/owner-names.h"
#include "lib/path.h"

bool read_number_sign(const char *text, struct number *number, bool size) {
  number->sign = *text == '+' || *text == '-' ? *text++ : '=';
  number->unit = size ? 512 : 1;
  char *digits = must_copy(text);
  size_t length = strlen(digits);
  static const char LETTERS[] = "cwbkMG";
  static const int64_t UNITS[] = {1, 2, 512, 1024, 1048576, 1073741824};
  const char *letter = size && length > 0 ? strchr(LETTERS, digits[length - 1]) : NULL;
  if (letter != NULL) {
    number->unit = UNITS[letter - LETTERS];
    digits[length - 1] = '\0';
  }
  bool good = parse_number(digits, INT64_MAX, &number->value);
  free(digits);
  return good;
}

bool matches_number(const struct number *number, int64_t value) {
  if (number->sign == '+') return value > number->value;
  return number->sign == '-' ? value < number->value : value == number->value;
}

static bool read_count(struct node *node, char **words) { return read_number_sign(words[0], &node->number, false); }
static bool read_size(struct node *node, char **words) { return read_number_sign(words[0], &node->number, true); }

static bool read_fold(struct node *node, char **words) {
  (void)words;
  node->flags = FNM_CASEFOLD;
  return true;
}

static bool test_name(const struct node *node, struct visit *visit) {
  return fnmatch(node->text, visit->name, node->flags) == 0;
}

static bool test_path(const struct node *node, struct visit *visit) {
  return fnmatch(node->text, visit->path, node->flags) == 0;
}

static bool test_link_name(const struct node *node, struct visit *visit) {
  if (!S_ISLNK(visit->info.st_mode)) return false;
  char *target = read_link(visit->path);
  bool match = target != NULL && fnmatch(node->text, target, node->flags) == 0;
  free(target);
  return match;
}

static bool read_types(struct node *node, char **words) {
  for (const char *letter = words[0];; letter += 2) {
    if (*letter == '\0' || strchr("fdlpscb", *letter) == NULL) return false;
    if (letter[1] == '\0') return true;
    if (letter[1] != ',') return false;
  }
  return node != NULL;
}

static bool has_type(const char *letters, mode_t mode) {
  char text[MODE_TEXT];
  mode_text(mode, text);
  return strchr(letters, text[0] == '-' ? 'f' : text[0]) != NULL;
}

static bool test_type(const struct node *node, struct visit *visit) { return has_type(node->text, visit->info.st_mode); }

// The other side of a link: what it points to, or with -L the link itself.
static bool test_other_type(const struct node *node, struct visit *visit) {
  struct stat info;
  bool found = find_search.follow ? lstat(visit->path, &info) == 0 : stat(visit->path, &info) == 0;
  return has_type(node->text, found ? info.st_mode : visit->info.st_mode);
}

static bool test_size(const struct node *node, struct visit *visit) {
  int64_t unit = node->number.unit;
  int64_t size = visit->info.st_size;
  return matches_number(&node->number, size / unit + (size % unit == 0 ? 0 : 1));
}

static bool test_links(const struct node *node, struct visit *visit) {
  return matches_number(&node->number, (int64_t)visit->info.st_nlink);
}
static bool test_inode(const struct node *node, struct visit *visit) {
  return matches_number(&node->number, (int64_t)visit->info.st_ino);
}
static bool test_uid(const struct node *node, struct visit *visit) {
  return matches_number(&node->number, visit->info.st_uid);
}
static bool test_gid(const struct node *node, struct visit *visit) {
  return matches_number(&node->number, visit->info.st_gid);
}

static bool read_user(struct node *node, char **words) {
  uid_t id;
  if (!find_user(words[0], &id)) return false;
  node->number = (struct number){'=', id, 1};
  return true;
}

static bool read_group(struct node *node, char **words) {
  gid_t id;
  if (!find_group(words[0], &id)) return false;
  node->number = (struct number){'=', id, 1};
  return true;
}

static bool test_no_user(const struct node *node, struct visit *visit) {
  (void)node;
  return user_name(visit->info.st_uid) == NULL;
}
static bool test_no_group(const struct node *node, struct visit *visit) {
  (void)node;
  return group_name(visit->info.st_gid) == NULL;
}

static bool read_mode(struct node *node, char **words) {
  const char *text = words[0];
  node->sign = *text == '-' || *text == '/' ? *text++ : '=';
  return apply_mode(text, 0, 0, &node->mode);
}

static bool test_mode(const struct node *node, struct visit *visit) {
  mode_t mode = visit->info.st_mode & MODE_BITS;
  if (node->sign == '-') return (mode & node->mode) == node->mode;
  return node->sign == '/' ? node->mode == 0 || (mode & node->mode) != 0 : mode == node->mode;
}

static bool test_empty(const struct node *node, struct visit *visit) {
  (void)node;
  if (S_ISREG(visit->info.st_mode)) return visit->info.st_size == 0;
  if (!S_ISDIR(visit->info.st_mode)) return false;
  struct name_list list = {NULL, 0, 0};
  bool empty = read_directory(visit->path, &list) && list.count == 0;
  free_names(&list);
  return empty;
}

static bool test_access(const struct node *node, struct visit *visit) { return access(visit->path, node->flags) == 0; }
static bool read_readable(struct node *node, char **words) { return (void)words, node->flags = R_OK, true; }
static bool read_writable(struct node *node, char **words) { return (void)words, node->flags = W_OK, true; }
static bool read_executable(struct node *node, char **words) { return (void)words, node->flags = X_OK, true; }

static bool read_same(struct node *node, char **words) {
  struct stat info;
  if (stat(words[0], &info) != 0) return false;
  node->device = (uint64_t)info.st_dev;
  node->inode = (uint64_t)info.st_ino;
  return true;
}

static bool test_same(const struct node *node, struct visit *visit) {
  return (uint64_t)visit->info.st_ino == node->inode && (uint64_t)visit->info.st_dev == node->device;
}

static int pattern_flags;

// Emacs's syntax, which is find's: as a basic expression, but + and ? need no backslash.
static char *as_basic(const char *pattern) {
  char *basic = must_alloc(strlen(pattern) * 3 + 1);
  char *to = basic;
  bool bracket = false;
  for (const char *from = pattern; *from != '\0'; from += 1) {
    if (!bracket && *from == '\\' && (from[1] == '+' || from[1] == '?')) {
      *to++ = '[';
      *to++ = *++from;
      *to++ = ']';
      continue;
    }
    if (!bracket && *from == '\\' && from[1] != '\0') *to++ = *from++;
    else if (!bracket && (*from == '+' || *from == '?')) *to++ = '\\';
    else if (*from == '[') bracket = true;
    else if (*from == ']' && bracket) bracket = from[-1] == '[';
    *to++ = *from;
  }
  *to = '\0';
  return basic;
}

static bool compile(struct node *node, const char *pattern, int flags) {
  node->pattern = must_alloc(sizeof *node->pattern);
  char *basic = (pattern_flags & REG_EXTENDED) != 0 ? must_copy(pattern) : as_basic(pattern);
  bool good = regcomp(node->pattern, basic, pattern_flags | flags) == 0;
  free(basic);
  return good;
}
static bool read_pattern(struct node *node, char **words) { return compile(node, words[0], 0); }
static bool read_folded_pattern(struct node *node, char **words) { return compile(node, words[0], REG_ICASE); }

static bool read_pattern_type(struct node *node, char **words) {
  (void)node;
  bool extended = strcmp(words[0], "posix-extended") == 0 || strcmp(words[0], "egrep") == 0 ||
                  strcmp(words[0], "posix-egrep") == 0;
  pattern_flags = extended ? REG_EXTENDED : 0;
  return extended || strcmp(words[0], "emacs") == 0 || strcmp(words[0], "findutils-default") == 0;
}

// The whole path must match, not a part of it.
static bool test_pattern(const struct node *node, struct visit *visit) {
  regmatch_t match;
  if (regexec(node->pattern, visit->path, 1, &match, 0) != 0) return false;
  return match.rm_so == 0 && visit->path[match.rm_eo] == '\0';
}

static bool test_true(const struct node *node, struct visit *visit) { return (void)node, (void)visit, true; }
static bool test_false(const struct node *node, struct visit *visit) { return (void)node, (void)visit, false; }

const struct primary test_primaries[] = {
  {"-name", 1, NULL, test_name, false},
  {"-iname", 1, read_fold, test_name, false},
  {"-path", 1, NULL, test_path, false},
  {"-wholename", 1, NULL, test_path, false},
  {"-ipath", 1, read_fold, test_path, false},
  {"-lname", 1, NULL, test_link_name, false},
  {"-ilname", 1, read_fold, test_link_name, false},
  {"-regex", 1, read_pattern, test_pattern, false},
  {"-iregex", 1, read_folded_pattern, test_pattern, false},
  {"-regextype", 1, read_pattern_type, test_true, false},
  {"-type", 1, read_types, test_type, false},
  {"-xtype", 1, read_types, test_other_type, false},
  {"-size", 1, read_size, test_size, false},
  {"-links", 1, read_count, test_links, false},
  {"-inum", 1, read_count, test_inode, false},
  {"-uid", 1, read_count, test_uid, false},
  {"-gid", 1, read_count, test_gid, false},
  {"-user", 1, read_user, test_uid, false},
  {"-group", 1, read_group, test_gid, false},
  {"-nouser", 0, NULL, test_no_user, false},
  {"-nogroup", 0, NULL, test_no_group, false},
  {"-perm", 1, read_mode, test_mode, false},
  {"-empty", 0, NULL, test_empty, false},
  {"-readable", 0, read_readable, test_access, false},
  {"-writable", 0, read_writable, test_access, false},
  {"-executable", 0, read_executable, test_access, false},
  {"-samefile", 1, read_same, test_same, false},
  {"-true", 0, NULL, test_true, false},
  {"-false", 0, NULL, test_false, false},
  {NULL, 0, NULL, NULL, false},
};
