#include "sh/vars/variable.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sh/memory/arena.h"
#include "sh/parse/parser.h"
#include "sh/shell.h"
#include "sh/vars/getopts.h"

enum { BUCKETS = 128 };

struct kept {
  struct kept *next;
  struct variable was;  // its name and value are copies; no value and no marks: it was not there
};

struct scope {
  struct scope *outer;
  enum scope_kind kind;
  struct kept *kept;
};

static struct variable *buckets[BUCKETS];
static struct scope *scopes;
static char **environment;
static bool environment_is_old = true;

static size_t hash_of(const char *name, size_t length) {
  size_t hash = 5381;
  for (size_t i = 0; i < length; i += 1) hash = hash * 33 + (unsigned char)name[i];
  return hash % BUCKETS;
}

static struct variable *find_of(const char *name, size_t length) {
  struct variable *variable = buckets[hash_of(name, length)];
  while (variable != NULL && (strncmp(variable->name, name, length) != 0 || variable->name[length] != '\0')) {
    variable = variable->next;
  }
  return variable;
}

static struct variable *find(const char *name) { return find_of(name, strlen(name)); }

static struct variable *find_or_add(const char *name) {
  struct variable *variable = find(name);
  if (variable != NULL) return variable;
  struct variable **bucket = &buckets[hash_of(name, strlen(name))];
  variable = shell_alloc(sizeof *variable);
  *variable = (struct variable){.next = *bucket, .name = shell_copy(name)};
  *bucket = variable;
  return variable;
}

const struct variable *variable_find(const char *name) { return find(name); }

const char *variable_value(const char *name) {
  const struct variable *variable = find(name);
  return variable == NULL ? NULL : variable->value;
}

const char *variable_value_of(const char *name, size_t length) {
  const struct variable *variable = find_of(name, length);
  return variable == NULL ? NULL : variable->value;
}

static void keep(struct scope *scope, const char *name) {
  for (const struct kept *kept = scope->kept; kept != NULL; kept = kept->next) {
    if (strcmp(kept->was.name, name) == 0) return;
  }
  const struct variable *variable = find(name);
  struct kept *kept = shell_alloc(sizeof *kept);
  *kept = (struct kept){.next = scope->kept};
  if (variable != NULL) kept->was = *variable;
  kept->was.name = shell_copy(name);
  if (kept->was.value != NULL) kept->was.value = shell_copy(kept->was.value);
  scope->kept = kept;
}

bool scope_keep(const char *name, enum scope_kind kind) {
  for (struct scope *scope = scopes; scope != NULL; scope = scope->outer) {
    if (scope->kind != kind) continue;
    keep(scope, name);
    return true;
  }
  return false;
}

// A change is under the eyes of every snapshot around it.
static void before_change(const char *name) {
  for (struct scope *scope = scopes; scope != NULL; scope = scope->outer) {
    if (scope->kind == SCOPE_SNAPSHOT) keep(scope, name);
  }
}

static void replace_value(struct variable *variable, const char *value) {
  char *copy = value == NULL ? NULL : shell_copy(value);
  free(variable->value);
  variable->value = copy;
  if (variable->exported) environment_is_old = true;
  if (strcmp(variable->name, "OPTIND") == 0) getopts_restart();
}

bool variable_set(const char *name, const char *value) {
  before_change(name);
  struct variable *variable = find_or_add(name);
  if (variable->read_only) {
    shell_error("%s: is read only", name);
    return false;
  }
  if (shell.options[OPTION_EXPORT_ALL]) variable->exported = true;
  replace_value(variable, value);
  return true;
}

bool variable_set_number(const char *name, long long value) {
  char digits[24];
  snprintf(digits, sizeof digits, "%lld", value);
  return variable_set(name, digits);
}

bool variable_unset(const char *name) {
  before_change(name);
  struct variable *variable = find(name);
  if (variable == NULL) return true;
  if (variable->read_only) {
    shell_error("%s: is read only", name);
    return false;
  }
  replace_value(variable, NULL);
  variable->exported = false;
  return true;
}

void variable_export(const char *name, bool exported) {
  before_change(name);
  find_or_add(name)->exported = exported;
  environment_is_old = true;
}

void variable_protect(const char *name) {
  before_change(name);
  find_or_add(name)->read_only = true;
}

void scope_push(enum scope_kind kind) {
  struct scope *scope = shell_alloc(sizeof *scope);
  *scope = (struct scope){scopes, kind, NULL};
  scopes = scope;
}

static void put_back(struct kept *kept) {
  before_change(kept->was.name);
  struct variable *variable = find_or_add(kept->was.name);
  replace_value(variable, kept->was.value);
  if (variable->exported || kept->was.exported) environment_is_old = true;
  variable->exported = kept->was.exported;
  variable->read_only = kept->was.read_only;
  free(kept->was.name);
  free(kept->was.value);
  free(kept);
}

void scope_pop(void) {
  struct scope *scope = scopes;
  scopes = scope->outer;
  while (scope->kept != NULL) {
    struct kept *kept = scope->kept;
    scope->kept = kept->next;
    put_back(kept);
  }
  free(scope);
}

static int by_name(const void *left, const void *right) {
  return strcmp((*(const struct variable *const *)left)->name, (*(const struct variable *const *)right)->name);
}

const struct variable **variables_sorted(size_t *count) {
  *count = 0;
  for (size_t i = 0; i < BUCKETS; i += 1) {
    for (const struct variable *variable = buckets[i]; variable != NULL; variable = variable->next) *count += 1;
  }
  const struct variable **list = shell_alloc((*count + 1) * sizeof *list);
  size_t used = 0;
  for (size_t i = 0; i < BUCKETS; i += 1) {
    for (const struct variable *variable = buckets[i]; variable != NULL; variable = variable->next) {
      list[used++] = variable;
    }
  }
  list[used] = NULL;
  qsort(list, used, sizeof *list, by_name);
  return list;
}

static void free_environment(void) {
  for (char **entry = environment; entry != NULL && *entry != NULL; entry += 1) free(*entry);
  free(environment);
}

char **variables_environment(void) {
  if (!environment_is_old) return environment;
  free_environment();
  size_t count;
  const struct variable **list = variables_sorted(&count);
  environment = shell_alloc((count + 1) * sizeof *environment);
  size_t used = 0;
  for (size_t i = 0; i < count; i += 1) {
    if (!list[i]->exported || list[i]->value == NULL) continue;
    size_t size = strlen(list[i]->name) + strlen(list[i]->value) + 2;
    environment[used] = shell_alloc(size);
    snprintf(environment[used], size, "%s=%s", list[i]->name, list[i]->value);
    used += 1;
  }
  environment[used] = NULL;
  free(list);
  environment_is_old = false;
  return environment;
}

void variables_start(char **entries) {
  for (; *entries != NULL; entries += 1) {
    const char *equals = strchr(*entries, '=');
    if (equals == NULL) continue;
    char *name = shell_copy(*entries);
    name[equals - *entries] = '\0';
    if (is_name(name)) {
      variable_set(name, equals + 1);
      variable_export(name, true);
    }
    free(name);
  }
}
