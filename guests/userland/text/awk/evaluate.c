#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/bytes.h"
#include "text/awk/machine.h"

struct text *take_text(struct machine *machine, struct value value) {
  // Its reference goes along.
  if (value.text != NULL) return value.text;
  return value_to_text(&value, convert_format(machine));
}

struct text *awk_evaluate_text(struct machine *machine, struct node *node) {
  return take_text(machine, awk_evaluate(machine, node));
}

double awk_evaluate_number(struct machine *machine, struct node *node) {
  struct value value = awk_evaluate(machine, node);
  double number = value_to_number(&value);
  value_drop(&value);
  return number;
}

bool awk_evaluate_condition(struct machine *machine, struct node *node) {
  struct value value = awk_evaluate(machine, node);
  bool is_true = value_is_true(&value);
  value_drop(&value);
  return is_true;
}

struct pattern *pattern_of(struct machine *machine, struct text *text) {
  size_t place = text->length;
  for (size_t at = 0; at < text->length; at += 1) place = place * 31 + (unsigned char)text->bytes[at];
  place %= REGEXES;
  struct text *old = machine->regexes[place].text;
  if (old != NULL && old->length == text->length && memcmp(old->bytes, text->bytes, text->length) == 0) {
    return machine->regexes[place].pattern;
  }
  const char *why = "";
  struct pattern *pattern = regex_new(text->bytes, text->length, &why);
  if (pattern == NULL) machine_fail(machine, "%s: /%s/", why, text->bytes);
  if (old != NULL) {
    text_drop(old);
    pattern_free(machine->regexes[place].pattern);
  }
  machine->regexes[place].text = text_keep(text);
  machine->regexes[place].pattern = pattern;
  return pattern;
}

struct pattern *awk_evaluate_pattern(struct machine *machine, struct node *node) {
  if (node->kind == N_REGEX) return node->pattern;
  struct text *text = awk_evaluate_text(machine, node);
  struct pattern *pattern = pattern_of(machine, text);
  text_drop(text);
  return pattern;
}

struct text *awk_evaluate_key(struct machine *machine, struct node *list) {
  struct value value = awk_evaluate(machine, list);
  // Whole numbers are keys without CONVFMT.
  struct text *key = take_text(machine, value);
  if (list->next == NULL) return key;
  struct bytes joined = BYTES_NONE;
  bytes_add(&joined, key->bytes, key->length);
  text_drop(key);
  for (list = list->next; list != NULL; list = list->next) {
    const struct text *between = special_text(machine, V_SUBSEP);
    bytes_add(&joined, between->bytes, between->length);
    key = awk_evaluate_text(machine, list);
    bytes_add(&joined, key->bytes, key->length);
    text_drop(key);
  }
  key = text_new(joined.data, joined.length);
  bytes_free(&joined);
  return key;
}

static struct value matches(struct text *text, struct pattern *pattern, bool wanted) {
  bool found = pattern_find(pattern, text->bytes, text->length, 0, NULL, 0);
  text_drop(text);
  return value_number(found == wanted);
}

static struct value read_variable(struct machine *machine, struct node *node) {
  if (node->kind == N_GLOBAL && node->slot == V_NF) fields_split(machine);
  struct cell *cell = cell_of(machine, node);
  if (cell->array != NULL) machine_fail(machine, "line %d: an array is used as a scalar", node->line);
  value_resolve(&cell->value);
  return value_keep(&cell->value);
}

static struct value read_element(struct machine *machine, struct node *node) {
  struct text *key = awk_evaluate_key(machine, node->second);
  struct element *element = array_at(array_of(machine, node->first), key);
  text_drop(key);
  return value_keep(&element->value);
}

static double compute(struct machine *machine, const struct node *node, int operator, double one, double other) {
  bool divides = operator == T_DIVIDE || operator == T_MODULO;
  if (divides && other == 0) machine_fail(machine, "line %d: division by zero", node->line);
  switch (operator) {
    case T_ADD: return one + other;
    case T_SUBTRACT: return one - other;
    case T_MULTIPLY: return one * other;
    case T_DIVIDE: return one / other;
    case T_MODULO: return fmod(one, other);
    default: return pow(one, other);
  }
}

static struct value assign_value(struct machine *machine, struct node *node) {
  struct value value;
  if (node->operator == T_ASSIGN) {
    value = awk_evaluate(machine, node->second);
    value_resolve(&value);
  } else {
    static const int operators[] = {T_ADD, T_SUBTRACT, T_MULTIPLY, T_DIVIDE, T_MODULO, T_POWER};
    double other = awk_evaluate_number(machine, node->second);
    double one = awk_evaluate_number(machine, node->first);
    value = value_number(compute(machine, node, operators[node->operator - T_ADD_ASSIGN], one, other));
  }
  awk_assign(machine, node->first, value_keep(&value));
  return value;
}

static struct value concatenate(struct machine *machine, struct node *node) {
  struct text *one = awk_evaluate_text(machine, node->first);
  struct text *other = awk_evaluate_text(machine, node->second);
  struct text *both = text_new(NULL, one->length + other->length);
  memcpy(both->bytes, one->bytes, one->length);
  memcpy(both->bytes + one->length, other->bytes, other->length);
  text_drop(one);
  text_drop(other);
  return value_text(both);
}

static int order_of_texts(struct machine *machine, struct value *one, struct value *other) {
  struct text *first = value_to_text(one, convert_format(machine));
  struct text *second = value_to_text(other, convert_format(machine));
  size_t length = first->length < second->length ? first->length : second->length;
  int order = memcmp(first->bytes, second->bytes, length);
  if (order == 0) order = first->length < second->length ? -1 : first->length > second->length;
  text_drop(first);
  text_drop(second);
  return order;
}

// Numbers as numbers, when neither of the two is a text.
static struct value compare(struct machine *machine, struct node *node) {
  struct value one = awk_evaluate(machine, node->first);
  struct value other = awk_evaluate(machine, node->second);
  value_resolve(&one);
  value_resolve(&other);
  bool texts = one.kind == VALUE_TEXT || other.kind == VALUE_TEXT;
  double first = texts ? order_of_texts(machine, &one, &other) : one.number;
  double second = texts ? 0 : other.number;
  value_drop(&one);
  value_drop(&other);
  switch (node->operator) {
    case T_LESS: return value_number(first < second);
    case T_LESS_EQUAL: return value_number(first <= second);
    case T_EQUAL: return value_number(first == second);
    case T_NOT_EQUAL: return value_number(first != second);
    case T_GREATER: return value_number(first > second);
    default: return value_number(first >= second);
  }
}

static struct value is_in(struct machine *machine, struct node *node) {
  struct node *list = node->first->kind == N_LIST ? node->first->first : node->first;
  struct text *key = awk_evaluate_key(machine, list);
  bool found = array_find(array_of(machine, node->second), key) != NULL;
  text_drop(key);
  return value_number(found);
}

static struct value count_step(struct machine *machine, struct node *node) {
  double number = awk_evaluate_number(machine, node->first);
  awk_assign(machine, node->first, value_number(number + node->operator));
  return value_number(node->slot != 0 ? number + node->operator : number);
}

static bool next_line(struct machine *machine, struct node *node, struct text **record, double *result) {
  if (node->operator == 0) {
    bool some = main_record(machine, record);
    *result = some;
    return some;
  }
  struct text *name = awk_evaluate_text(machine, node->second);
  struct lines *lines = stream_reader(machine, node->operator == T_PIPE, name);
  text_drop(name);
  if (lines == NULL) {
    *result = -1;
    return false;
  }
  bool some = record_read(machine, lines, record);
  *result = some ? 1 : lines->failed ? -1 : 0;
  return some;
}

// getline counts NR for a command, and FNR too for the main input.
static struct value get_line(struct machine *machine, struct node *node) {
  struct text *record;
  double result;
  if (!next_line(machine, node, &record, &result)) return value_number(result);
  if (node->operator == T_PIPE) awk_assign_global(machine, V_NR, value_number(machine->record_number + 1));
  if (node->first == NULL) fields_set_record(machine, record);
  else awk_assign(machine, node->first, value_input(record));
  return value_number(result);
}

static struct value evaluate_list(struct machine *machine, struct node *node) {
  if (node->first->next != NULL) machine_fail(machine, "line %d: a list is no value", node->line);
  return awk_evaluate(machine, node->first);
}

static struct value match_value(struct machine *machine, struct node *node) {
  struct text *text = awk_evaluate_text(machine, node->first);
  // The pattern comes second: what makes it may change a lot, but not this text.
  return matches(text, awk_evaluate_pattern(machine, node->second), node->operator == T_MATCH);
}

static struct value evaluate_arithmetic(struct machine *machine, struct node *node) {
  double one = awk_evaluate_number(machine, node->first);
  double other = awk_evaluate_number(machine, node->second);
  return value_number(compute(machine, node, node->operator, one, other));
}

struct value awk_evaluate(struct machine *machine, struct node *node) {
  switch (node->kind) {
    case N_VALUE: return value_keep(&node->value);
    case N_REGEX: return matches(fields_record(machine), node->pattern, true);
    case N_GLOBAL:
    case N_LOCAL: return read_variable(machine, node);
    case N_FIELD: return field_get(machine, awk_evaluate_number(machine, node->first));
    case N_INDEX: return read_element(machine, node);
    case N_ASSIGN: return assign_value(machine, node);
    case N_CONDITION:
      return awk_evaluate(machine, awk_evaluate_condition(machine, node->first) ? node->second : node->third);
    case N_AND:
      return value_number(awk_evaluate_condition(machine, node->first) && awk_evaluate_condition(machine, node->second));
    case N_OR:
      return value_number(awk_evaluate_condition(machine, node->first) || awk_evaluate_condition(machine, node->second));
    case N_NOT: return value_number(!awk_evaluate_condition(machine, node->first));
    case N_NEGATE: return value_number(-awk_evaluate_number(machine, node->first));
    case N_PLUS: return value_number(awk_evaluate_number(machine, node->first));
    case N_ARITHMETIC: return evaluate_arithmetic(machine, node);
    case N_CONCAT: return concatenate(machine, node);
    case N_COMPARE: return compare(machine, node);
    case N_MATCH: return match_value(machine, node);
    case N_IN: return is_in(machine, node);
    case N_STEP: return count_step(machine, node);
    case N_CALL: return awk_call_function(machine, node);
    case N_BUILTIN: return awk_call_builtin(machine, node);
    case N_GETLINE: return get_line(machine, node);
    default: return evaluate_list(machine, node);
  }
}
