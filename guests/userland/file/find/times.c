// The primaries that ask about a file's times.
#include <stdlib.h>
#include <string.h>

#include "find.h"
#include "lib/date-text.h"

static struct timespec time_of(const struct stat *info, enum time_field field) {
  if (field == FIELD_ACCESS) return info->st_atim;
  return field == FIELD_CHANGE ? info->st_ctim : info->st_mtim;
}

static bool read_age(struct node *node, char **words, enum time_field field, int64_t unit) {
  node->field = field;
  bool good = read_number_sign(words[0], &node->number, false);
  node->number.unit = unit;
  return good && node->number.value < INT64_MAX / unit;
}

static bool read_access_days(struct node *node, char **words) { return read_age(node, words, FIELD_ACCESS, 86400); }
static bool read_change_days(struct node *node, char **words) { return read_age(node, words, FIELD_CHANGE, 86400); }
static bool read_modify_days(struct node *node, char **words) { return read_age(node, words, FIELD_MODIFY, 86400); }
static bool read_access_minutes(struct node *node, char **words) { return read_age(node, words, FIELD_ACCESS, 60); }
static bool read_change_minutes(struct node *node, char **words) { return read_age(node, words, FIELD_CHANGE, 60); }
static bool read_modify_minutes(struct node *node, char **words) { return read_age(node, words, FIELD_MODIFY, 60); }

// Days count when they are over, minutes when they have begun.
static bool test_age(const struct node *node, struct visit *visit) {
  struct timespec when = time_of(&visit->info, node->field);
  int64_t age = (int64_t)find_search.now.tv_sec - (int64_t)when.tv_sec;
  bool part = find_search.now.tv_nsec > when.tv_nsec;
  if (find_search.now.tv_nsec < when.tv_nsec) age -= 1, part = true;
  const struct number *number = &node->number;
  if (number->unit == 86400) return matches_number(number, age / 86400 - (age < 0 && age % 86400 != 0 ? 1 : 0));
  if (number->sign == '-') return age < number->value * 60;
  if (number->sign == '+') return age > number->value * 60 || (age == number->value * 60 && part);
  return age < number->value * 60 && age >= (number->value - 1) * 60;
}

static bool read_newer(struct node *node, char **words, enum time_field field, enum time_field of) {
  struct stat info;
  if (stat(words[0], &info) != 0) return false;
  node->field = field;
  node->time = time_of(&info, of);
  return true;
}

static bool read_newer_modified(struct node *node, char **words) {
  return read_newer(node, words, FIELD_MODIFY, FIELD_MODIFY);
}
static bool read_newer_accessed(struct node *node, char **words) {
  return read_newer(node, words, FIELD_ACCESS, FIELD_MODIFY);
}
static bool read_newer_changed(struct node *node, char **words) {
  return read_newer(node, words, FIELD_CHANGE, FIELD_MODIFY);
}
static bool read_newer_than_text(struct node *node, char **words) {
  node->field = FIELD_MODIFY;
  return parse_date(words[0], find_search.now, &node->time);
}

static bool test_newer(const struct node *node, struct visit *visit) {
  struct timespec when = time_of(&visit->info, node->field);
  if (when.tv_sec != node->time.tv_sec) return when.tv_sec > node->time.tv_sec;
  return when.tv_nsec > node->time.tv_nsec;
}

const struct primary time_primaries[] = {
  {"-atime", 1, read_access_days, test_age, false},
  {"-ctime", 1, read_change_days, test_age, false},
  {"-mtime", 1, read_modify_days, test_age, false},
  {"-amin", 1, read_access_minutes, test_age, false},
  {"-cmin", 1, read_change_minutes, test_age, false},
  {"-mmin", 1, read_modify_minutes, test_age, false},
  {"-newer", 1, read_newer_modified, test_newer, false},
  {"-newermm", 1, read_newer_modified, test_newer, false},
  {"-newermt", 1, read_newer_than_text, test_newer, false},
  {"-anewer", 1, read_newer_accessed, test_newer, false},
  {"-cnewer", 1, read_newer_changed, test_newer, false},
  {NULL, 0, NULL, NULL, false},
};
