// Extended headers: lines of "LENGTH KEY=VALUE". POSIX, pax Extended Header.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/memory.h"
#include "lib/number.h"
#include "tar.h"

void free_pax(struct pax *pax) {
  free(pax->path);
  free(pax->target);
  pax->path = pax->target = NULL;
}

static bool set_number(const char *text, int64_t most, int64_t *value) {
  int64_t number;
  if (!parse_number(text, most, &number)) return false;
  *value = number;
  return true;
}

// Whole seconds; the fraction is left.
static bool set_time(const char *text, struct pax *pax) {
  bool negative = *text == '-';
  char *whole = must_copy_part(text + (negative ? 1 : 0), strcspn(text + (negative ? 1 : 0), "."));
  bool good = set_number(whole, INT64_MAX, &pax->modified);
  free(whole);
  if (negative) pax->modified = -pax->modified;
  pax->has_modified = good;
  return good;
}

static void set_text(char **field, const char *value) {
  free(*field);
  *field = must_copy(value);
}

static void set_name(char field[33], const char *value) { snprintf(field, 33, "%s", value); }

static bool set_record(struct pax *pax, const char *key, const char *value) {
  if (strcmp(key, "path") == 0) set_text(&pax->path, value);
  else if (strcmp(key, "linkpath") == 0) set_text(&pax->target, value);
  else if (strcmp(key, "size") == 0) return set_number(value, INT64_MAX - BLOCK, &pax->size);
  else if (strcmp(key, "uid") == 0) return set_number(value, UINT32_MAX, &pax->uid);
  else if (strcmp(key, "gid") == 0) return set_number(value, UINT32_MAX, &pax->gid);
  else if (strcmp(key, "mtime") == 0) return set_time(value, pax);
  else if (strcmp(key, "uname") == 0) set_name(pax->user, value);
  else if (strcmp(key, "gname") == 0) set_name(pax->group, value);
  return true;
}

bool read_pax(const char *records, size_t length, struct pax *pax) {
  while (length > 0) {
    size_t digits = 0, record = 0;
    while (digits < length && digits < 8 && records[digits] >= '0' && records[digits] <= '9') {
      record = record * 10 + (size_t)(records[digits++] - '0');
    }
    if (digits == 0 || record > length || record < digits + 3 || records[digits] != ' ') return false;
    if (records[record - 1] != '\n') return false;
    char *line = must_copy_part(records + digits + 1, record - digits - 2);
    char *equals = strchr(line, '=');
    // A name with a zero byte in it would be cut short.
    bool good = equals != NULL && strlen(line) == record - digits - 2;
    if (good) {
      *equals = '\0';
      good = set_record(pax, line, equals + 1);
    }
    free(line);
    if (!good) return false;
    records += record;
    length -= record;
  }
  return true;
}

// The length counts itself.
static char *record_of(const char *key, const char *value) {
  size_t rest = strlen(key) + strlen(value) + 3;
  size_t length = rest + 1;
  while (length != rest + (size_t)snprintf(NULL, 0, "%zu", length)) {
    length = rest + (size_t)snprintf(NULL, 0, "%zu", length);
  }
  return must_format("%zu %s=%s\n", length, key, value);
}

static void add(char **records, const char *key, const char *value) {
  char *record = record_of(key, value);
  char *longer = must_format("%s%s", *records == NULL ? "" : *records, record);
  free(*records);
  free(record);
  *records = longer;
}

static void add_number(char **records, const char *key, int64_t value) {
  char text[24];
  snprintf(text, sizeof text, "%lld", (long long)value);
  add(records, key, text);
}

char *write_pax(const struct member *member, bool long_path, bool long_target, size_t *length) {
  const int64_t most_size = 077777777777, most_id = 07777777;
  char *records = NULL;
  if (long_path) add(&records, "path", member->path);
  if (long_target) add(&records, "linkpath", member->target);
  if (member->size > most_size) add_number(&records, "size", member->size);
  if (member->uid > most_id) add_number(&records, "uid", member->uid);
  if (member->gid > most_id) add_number(&records, "gid", member->gid);
  if (member->modified < 0 || member->modified > most_size) add_number(&records, "mtime", member->modified);
  *length = records == NULL ? 0 : strlen(records);
  return records;
}
