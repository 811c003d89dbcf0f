// sub, gsub, gensub, match and split.
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "lib/bytes.h"
#include "text/awk/machine.h"

struct job {
  struct pattern *pattern;
  struct text *replacement;
  bool groups;    // \1 to \9 stand for groups
  double wanted;  // which match; 0: all
};

// A backslash makes & and itself what they are, and stays before anything else.
static void add_replacement(const struct job *job, const char *text, const struct span *spans, struct bytes *to) {
  const char *at = job->replacement->bytes;
  const char *end = at + job->replacement->length;
  for (; at < end; at += 1) {
    int group = *at == '&' ? 0 : -1;
    if (*at == '\\' && at + 1 < end) {
      bool digit = job->groups && isdigit((unsigned char)at[1]);
      if (digit) group = at[1] - '0';
      if (digit || at[1] == '&' || at[1] == '\\') at += 1;
    }
    if (group < 0) bytes_byte(to, *at);
    else if (spans[group].start >= 0) {
      bytes_add(to, text + spans[group].start, (size_t)(spans[group].end - spans[group].start));
    }
  }
}

// How many were replaced; all of the text is in `to` then.
static double replace(const struct job *job, const struct text *text, struct bytes *to) {
  struct span spans[PATTERN_GROUPS];
  size_t from = 0;
  ptrdiff_t last_end = -1;
  double seen = 0;
  double count = 0;
  size_t groups = job->groups ? PATTERN_GROUPS : 1;
  while (pattern_find(job->pattern, text->bytes, text->length, from, spans, groups)) {
    size_t start = (size_t)spans[0].start;
    size_t end = (size_t)spans[0].end;
    bytes_add(to, text->bytes + from, start - from);
    // Nothing right behind a match is none.
    bool counts = end > start || spans[0].start != last_end;
    if (counts) seen += 1;
    bool replaces = counts && (job->wanted == 0 || seen == job->wanted);
    if (replaces) add_replacement(job, text->bytes, spans, to);
    else bytes_add(to, text->bytes + start, end - start);
    count += replaces;
    from = end;
    last_end = spans[0].end;
    if (replaces && job->wanted != 0) break;
    if (end > start) continue;
    if (end >= text->length) break;
    bytes_byte(to, text->bytes[end]);
    from = end + 1;
  }
  if (from < text->length) bytes_add(to, text->bytes + from, text->length - from);
  return count;
}

// sub(PATTERN, REPLACEMENT [, VARIABLE])
struct value builtin_substitute(struct machine *machine, struct node *node) {
  struct node *arguments = node->first;
  struct node *target = arguments->next->next;
  struct job job = {.wanted = node->operator == B_GSUB ? 0 : 1};
  job.replacement = awk_evaluate_text(machine, arguments->next);
  struct text *text = target == NULL ? fields_record(machine) : awk_evaluate_text(machine, target);
  job.pattern = awk_evaluate_pattern(machine, arguments);
  struct bytes to = BYTES_NONE;
  bytes_clear(&to);
  double count = replace(&job, text, &to);
  if (count > 0) {
    struct text *result = text_new(to.data, to.length);
    if (target == NULL) fields_set_record(machine, result);
    else awk_assign(machine, target, value_text(result));
  }
  bytes_free(&to);
  text_drop(text);
  text_drop(job.replacement);
  return value_number(count);
}

// gensub(PATTERN, REPLACEMENT, HOW [, TEXT])
struct value builtin_gensub(struct machine *machine, struct node *node) {
  struct node *arguments = node->first;
  struct node *how = arguments->next->next;
  struct job job = {.groups = true};
  struct text *wanted = awk_evaluate_text(machine, how);
  bool whole;
  job.wanted = *wanted->bytes == 'g' || *wanted->bytes == 'G' ? 0 : number_at_start(wanted->bytes, wanted->length, &whole);
  if (job.wanted < 1 && *wanted->bytes != 'g' && *wanted->bytes != 'G') job.wanted = 1;
  text_drop(wanted);
  job.replacement = awk_evaluate_text(machine, arguments->next);
  struct text *text = how->next == NULL ? fields_record(machine) : awk_evaluate_text(machine, how->next);
  job.pattern = awk_evaluate_pattern(machine, arguments);
  struct bytes to = BYTES_NONE;
  bytes_clear(&to);
  replace(&job, text, &to);
  struct text *result = text_new(to.data, to.length);
  bytes_free(&to);
  text_drop(text);
  text_drop(job.replacement);
  return value_text(result);
}

static void set_numbered(struct array *array, size_t number, const char *text, size_t length) {
  struct text *key = number_to_text((double)number, "%.6g");
  struct element *element = array_at(array, key);
  value_drop(&element->value);
  element->value = value_input(text_new(text, length));
  text_drop(key);
}

// match(TEXT, PATTERN [, ARRAY]); the array gets the groups' texts.
struct value builtin_match(struct machine *machine, struct node *node) {
  struct node *arguments = node->first;
  struct node *into = arguments->next->next;
  struct span spans[PATTERN_GROUPS];
  struct text *text = awk_evaluate_text(machine, arguments);
  struct pattern *pattern = awk_evaluate_pattern(machine, arguments->next);
  bool found = pattern_find(pattern, text->bytes, text->length, 0, spans, into == NULL ? 1 : PATTERN_GROUPS);
  double start = found ? (double)spans[0].start + 1 : 0;
  awk_assign_global(machine, V_RSTART, value_number(start));
  awk_assign_global(machine, V_RLENGTH, value_number(found ? (double)(spans[0].end - spans[0].start) : -1));
  bool variable = into == NULL || into->kind == N_GLOBAL || into->kind == N_LOCAL;
  if (!variable) machine_fail(machine, "line %d: match needs an array", node->line);
  if (into != NULL) {
    struct array *array = array_of(machine, into);
    array_clear(array);
    for (size_t group = 0; found && group <= pattern_groups(pattern) && group < PATTERN_GROUPS; group += 1) {
      if (spans[group].start < 0) continue;
      set_numbered(array, group, text->bytes + spans[group].start, (size_t)(spans[group].end - spans[group].start));
    }
  }
  text_drop(text);
  return value_number(start);
}

struct parts {
  struct array *array;
  size_t count;
};

static void take(void *context, const char *text, size_t length) {
  struct parts *parts = context;
  set_numbered(parts->array, ++parts->count, text, length);
}

// split(TEXT, ARRAY [, SEPARATOR])
struct value builtin_split(struct machine *machine, struct node *node) {
  struct node *arguments = node->first;
  struct node *separator = arguments->next->next;
  struct text *text = awk_evaluate_text(machine, arguments);
  bool regex = separator != NULL && separator->kind == N_REGEX;
  // /x/ is no x: a blank as a regular expression is one blank.
  struct text *by = separator == NULL ? text_keep(special_text(machine, V_FS))
                    : regex ? text_keep(separator->value.text) : awk_evaluate_text(machine, separator);
  if (regex && by->length == 1) {
    char pattern[] = {'(', by->bytes[0], ')'};
    text_drop(by);
    by = text_new(pattern, 3);
  }
  bool variable = arguments->next->kind == N_GLOBAL || arguments->next->kind == N_LOCAL;
  if (!variable) machine_fail(machine, "line %d: split needs an array", node->line);
  struct parts parts = {array_of(machine, arguments->next), 0};
  array_clear(parts.array);
  split_text(machine, text, by, take, &parts);
  text_drop(by);
  text_drop(text);
  return value_number((double)parts.count);
}
