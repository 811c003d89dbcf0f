// Parses JSON text into a tree, walks it and writes it out again: recursive descent over bytes, many
// small allocations, strings.
#include "kernel.h"

#define ROWS 200

typedef enum { NIL, TRUE, FALSE, NUMBER, STRING, ARRAY, OBJECT } Type;

typedef struct Value {
  Type type;
  double number;
  char *name, *text;
  struct Value *first, *next;
} Value;

static char *source, *written;
static size_t length;
static const char *at;

static void emit(const char *text) {
  size_t more = strlen(text);
  memcpy(written + length, text, more);
  length += more;
}

static void emit_number(long value) {
  char digits[24];
  int count = 0;
  if (value < 0) {
    emit("-");
    value = -value;
  }
  do digits[count++] = (char)('0' + value % 10);
  while ((value /= 10) > 0);
  while (count > 0) written[length++] = digits[--count];
}

static void skip_space(void) {
  while (*at == ' ' || *at == '\n' || *at == '\t') at++;
}

static char *parse_text(void) {
  const char *from = ++at;
  size_t count = 0;
  for (; *at != '"'; at++, count++) {
    if (*at == '\\') at++;
  }
  char *text = malloc(count + 1), *out = text;
  for (; from < at; from++) {
    if (*from == '\\') {
      from++;
      *out++ = *from == 'n' ? '\n' : *from == 't' ? '\t' : *from;
    } else {
      *out++ = *from;
    }
  }
  *out = 0;
  at++;
  return text;
}

static double parse_number(void) {
  double value = 0, scale = 1;
  int negative = *at == '-';
  at += negative;
  for (; *at >= '0' && *at <= '9'; at++) value = value * 10 + (*at - '0');
  if (*at == '.') {
    for (at++; *at >= '0' && *at <= '9'; at++) value += (*at - '0') * (scale /= 10);
  }
  return negative ? -value : value;
}

static NOINLINE Value *parse(void);

static void parse_members(Value *parent, char close) {
  Value **end = &parent->first;
  for (skip_space(); *at != close; skip_space()) {
    char *name = 0;
    if (parent->type == OBJECT) {
      name = parse_text();
      skip_space();
      at++;
    }
    *end = parse();
    (*end)->name = name;
    end = &(*end)->next;
    skip_space();
    if (*at == ',') at++;
  }
  at++;
}

static NOINLINE Value *parse(void) {
  Value *value = calloc(1, sizeof *value);
  skip_space();
  switch (*at) {
    case '{':
      value->type = OBJECT;
      at++;
      parse_members(value, '}');
      break;
    case '[':
      value->type = ARRAY;
      at++;
      parse_members(value, ']');
      break;
    case '"':
      value->type = STRING;
      value->text = parse_text();
      break;
    case 't':
    case 'n':
      value->type = *at == 't' ? TRUE : NIL;
      at += 4;
      break;
    case 'f':
      value->type = FALSE;
      at += 5;
      break;
    default:
      value->type = NUMBER;
      value->number = parse_number();
  }
  return value;
}

static void print_text(const char *text) {
  written[length++] = '"';
  for (; *text; text++) {
    char c = *text;
    if (c == '"' || c == '\\' || c == '\n' || c == '\t') written[length++] = '\\';
    written[length++] = c == '\n' ? 'n' : c == '\t' ? 't' : c;
  }
  written[length++] = '"';
}

static NOINLINE void print(const Value *value) {
  switch (value->type) {
    case NIL: emit("null"); return;
    case TRUE: emit("true"); return;
    case FALSE: emit("false"); return;
    case STRING: print_text(value->text); return;
    case NUMBER: emit_number((long)(value->number * 100)); return;
    case ARRAY:
    case OBJECT: break;
  }
  emit(value->type == ARRAY ? "[" : "{");
  for (const Value *member = value->first; member; member = member->next) {
    if (member != value->first) emit(",");
    if (member->name) {
      print_text(member->name);
      emit(":");
    }
    print(member);
  }
  emit(value->type == ARRAY ? "]" : "}");
}

static void release(Value *value) {
  for (Value *member = value->first, *next; member; member = next) {
    next = member->next;
    release(member);
  }
  free(value->name);
  free(value->text);
  free(value);
}

static void make_source(void) {
  written = source;
  length = 0;
  emit("[");
  for (int i = 0; i < ROWS; i++) {
    if (i > 0) emit(",\n  ");
    emit("{\"id\": ");
    emit_number(i);
    emit(", \"name\": \"row \\\"");
    emit_number((long)next_random());
    emit("\\\" of\\nmany\", \"price\": ");
    emit_number((long)(next_random() % 1000) - 300);
    emit(".25, \"tags\": [\"a\", \"bc\", null, true, false], \"at\": {\"x\": ");
    emit_number(i * 3);
    emit(", \"y\": []}}");
  }
  emit("]");
  written[length] = 0;
}

uint32_t run(int n) {
  uint32_t sum = 0;
  source = malloc(ROWS * 256);
  char *target = malloc(ROWS * 256);
  seed = 11;
  make_source();
  written = target;
  for (int round = 0; round < n; round++) {
    at = source;
    length = 0;
    Value *tree = parse();
    print(tree);
    release(tree);
    for (size_t i = 0; i < length; i += 5) sum = mix(sum, (uint8_t)target[i]);
  }
  free(source);
  free(target);
  return sum;
}
