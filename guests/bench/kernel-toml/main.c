// Reads settings in a notation like TOML into tables within tables, checks them against rules by
// path: keys looked up in chains, lists that grow, numbers and texts unescaped, complaints by line.
#include "kernel.h"

#define BYTES 5000

typedef enum { NONE, INTEGER, REAL, TRUTH, TEXT, LIST, TABLE } Kind;

typedef struct Value {
  Kind kind;
  /** Bytes of a text, items of a list. */
  uint32_t count;
  union {
    int64_t integer;
    double real;
    char *text;
    struct Value *items;
    struct Entry *first;
  };
} Value;

typedef struct Entry {
  struct Entry *next;
  Value value;
  char key[];
} Entry;

typedef struct {
  /** A star is for all items of a list, or all entries of a table. */
  const char *path;
  Kind kind;
  /** Of a number its value, of anything else its count. */
  double least, most;
} Rule;

static const Rule RULES[] = {
    {"service.*.port", INTEGER, 1, 8075},        {"service.*.ratio", REAL, 0.25, 8.5},
    {"service.*.enabled", TRUTH, 0, 0},          {"service.*.limits.memory", INTEGER, 256, 1 << 20},
    {"service.*.limits.burst.rate", REAL, 2, 9}, {"route.*.weight", INTEGER, 1000, 8000},
    {"route.*.tags", LIST, 3, 3},                {"route.*.tags.*", TEXT, 1, 3},
    {"owner.team.name", TEXT, 3, 8},             {"title", TEXT, 1, 40}};

static char source[BYTES + 256];
static const char *at;
static uint32_t line, complaints;

static char peek(void) {
  while (*at == ' ' || *at == '\t') at++;
  return *at;
}

static int take(char c) {
  if (peek() != c) return 0;
  at++;
  return 1;
}

/** Over remarks and ends of lines too. */
static void skip_lines(void) {
  for (;; line++) {
    if (take('#')) at += strcspn(at, "\n");
    if (!take('\n')) return;
  }
}

static inline int is_bare(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/** The entry of that name. If it had to be made its value is of no kind yet. */
static NOINLINE Entry *entry(Value *table, const char *key, size_t length) {
  Entry **link = &table->first;
  for (; *link; link = &(*link)->next) {
    if (strncmp((*link)->key, key, length) == 0 && (*link)->key[length] == 0) return *link;
  }
  Entry *made = *link = calloc(1, sizeof *made + length + 1);
  memcpy(made->key, key, length);
  return made;
}

static NOINLINE Value *append(Value *list) {
  if ((list->count & (list->count - 1)) == 0) {
    size_t room = list->count == 0 ? 1 : (size_t)list->count * 2;
    list->items = realloc(list->items, room * sizeof *list->items);
  }
  return memset(&list->items[list->count++], 0, sizeof *list->items);
}

/** Where a dotted path leads to from a table on; 0 if something else is in the way. */
static Entry *follow(Value *table) {
  for (;;) {
    int is_quoted = take('"');
    const char *key = at;
    while (is_quoted ? *at != '"' && *at != '\n' && *at : is_bare(*at)) at++;
    size_t length = (size_t)(at - key);
    if (length == 0 || (is_quoted && !take('"'))) return 0;
    Entry *found = entry(table, key, length);
    if (!take('.')) return found;
    table = &found->value;
    if (table->kind == LIST && table->count > 0) table = &table->items[table->count - 1];
    if (table->kind == NONE) table->kind = TABLE;
    if (table->kind != TABLE) return 0;
  }
}

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  c |= 32;
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int number(Value *into) {
  int is_negative = take('-'), base = at[0] == '0' && at[1] == 'x' ? 16 : 10, digit, scale = 0;
  if (base == 16) at += 2;
  uint64_t whole = 0;
  const char *start = at;
  for (; *at == '_' || ((digit = hex_digit(*at)) >= 0 && digit < base); at++) {
    if (*at != '_') whole = whole * (uint64_t)base + (uint64_t)digit;
  }
  if (at == start) return 0;
  into->kind = INTEGER;
  into->integer = is_negative ? -(int64_t)whole : (int64_t)whole;
  if (*at != '.') return 1;
  for (at++; *at >= '0' && *at <= '9'; at++, scale--) whole = whole * 10 + (uint64_t)(*at - '0');
  if (*at == 'e') {
    scale += at[1] - '0';
    at += 2;
  }
  into->kind = REAL;
  double power = 1;
  for (int i = abs(scale); i > 0; i--) power *= 10;
  into->real = scale < 0 ? (double)whole / power : (double)whole * power;
  if (is_negative) into->real = -into->real;
  return 1;
}

static int text(Value *into) {
  size_t room = strcspn(at, "\n");
  char *out = into->text = malloc(room + 1);
  into->kind = TEXT;
  for (; *at && *at != '"' && *at != '\n'; at++) {
    if (*at != '\\') {
      *out++ = *at;
    } else if (*++at == 'u') {
      int code = 0;
      for (int i = 0; i < 4 && hex_digit(at[1]) >= 0; i++) code = code << 4 | hex_digit(*++at);
      *out++ = (char)(0xC0 | (code >> 6 & 31));
      *out++ = (char)(0x80 | (code & 63));
    } else {
      *out++ = *at == 'n' ? '\n' : *at == 't' ? '\t' : *at;
    }
  }
  *out = 0;
  into->count = (uint32_t)(out - into->text);
  return take('"');
}

static int value(Value *into);

static int assignment(Value *table) {
  Entry *made = follow(table);
  return made && made->value.kind == NONE && take('=') && value(&made->value);
}

static NOINLINE int value(Value *into) {
  if (take('"')) return text(into);
  if (take('[')) {
    into->kind = LIST;
    for (skip_lines(); !take(']'); skip_lines()) {
      if (!value(append(into))) return 0;
      skip_lines();
      if (!take(',') && *at != ']') return 0;
    }
    return 1;
  }
  if (take('{')) {
    into->kind = TABLE;
    do {
      if (!assignment(into)) return 0;
    } while (take(','));
    return take('}');
  }
  if (strncmp(at, "true", 4) != 0 && strncmp(at, "false", 5) != 0) return number(into);
  into->kind = TRUTH;
  into->integer = *at == 't';
  at += *at == 't' ? 4 : 5;
  return 1;
}

/** The table that a line in brackets opens, a new one of a list with two of them. */
static Value *header(Value *root) {
  int is_list = take('[');
  Entry *found = follow(root);
  if (!found || !take(']') || (is_list && !take(']'))) return 0;
  Value *table = &found->value;
  if (table->kind == NONE) table->kind = is_list ? LIST : TABLE;
  if (table->kind != (is_list ? LIST : TABLE)) return 0;
  if (is_list) (table = append(table))->kind = TABLE;
  return table;
}

static void complain(uint32_t where) {
  complaints = mix(complaints, where);
}

static NOINLINE void read_all(Value *root) {
  Value *table = root;
  for (skip_lines(); *at; skip_lines()) {
    Value *opened = take('[') ? header(root) : assignment(table) ? table : 0;
    if (opened) table = opened;
    if (opened && strchr("\n#", peek())) continue;
    complain(line);
    at += strcspn(at, "\n");
  }
}

static NOINLINE void check(const Value *found, const char *path, const Rule *rule) {
  if (*path == 0) {
    double size = found->kind == REAL ? found->real : found->count;
    if (found->kind == INTEGER) size = (double)found->integer;
    if (found->kind != rule->kind || size < rule->least || size > rule->most) {
      complain((uint32_t)(rule - RULES) * 16 + found->kind);
    }
    return;
  }
  size_t length = strcspn(path, ".");
  const char *rest = path + length + (path[length] == '.');
  if (found->kind == LIST && *path == '*') {
    for (uint32_t i = 0; i < found->count; i++) check(&found->items[i], rest, rule);
  }
  if (found->kind != TABLE) return;
  for (const Entry *inner = found->first; inner; inner = inner->next) {
    if (*path == '*' || (strncmp(inner->key, path, length) == 0 && inner->key[length] == 0)) {
      check(&inner->value, rest, rule);
    }
  }
}

/** A checksum of all that is in there, which is given back on the way. */
static NOINLINE uint32_t give_back(Value *old) {
  uint32_t sum = mix(old->kind, old->count);
  switch (old->kind) {
    case REAL: return mix(sum, bits_of(old->real));
    case TEXT:
      for (uint32_t i = 0; i < old->count; i++) sum = mix(sum, (uint8_t)old->text[i]);
      free(old->text);
      return sum;
    case LIST:
      for (uint32_t i = 0; i < old->count; i++) sum = mix(sum, give_back(&old->items[i]));
      free(old->items);
      return sum;
    case TABLE:
      for (Entry *inner = old->first, *next; inner; inner = next) {
        for (const char *c = inner->key; *c; c++) sum = mix(sum, (uint8_t)*c);
        sum = mix(sum, give_back(&inner->value));
        next = inner->next;
        free(inner);
      }
      return sum;
    default: return mix(sum, (uint32_t)old->integer);
  }
}

static void make_source(void) {
  static const char *const PARTS[] = {
      "[service.%@]\nname = \"front %@\"\nport = 80@@\nratio = 0.@@5e1 # of all\nenabled = true\n\n",
      "[[route]]\npath = \"/api/%\\u00e9\\t%\"\nweight = @_0@@\n"
      "tags = [\"%\", \"@%\", # old\n  \"last\",\n]\n\n",
      "[service.%@.limits]\nmemory = 0x@@F\ncpu = [-1, 2, [@, @]]\n"
      "burst = { rate = @.5, \"per second\" = @ }\n\n",
      "# a remark = \"nothing\"\nowner.team.name = \"%%%\"\nowner.team.%%.size = @@\n",
      "[owner]\nteam.name = \"%@%\"\nteam.since.year = 20@@\n\n",
      "port = unknown\nname = \"not closed\nenabled = false\n"};
  seed = 281;
  char *end = stpcpy(source, "title = \"Settings\"\n\n");
  while (end < source + BYTES) {
    for (const char *part = PARTS[next_random() % 6]; *part; part++) {
      uint32_t draw = *part == '%' || *part == '@' ? next_random() : 0;
      *end++ = *part == '%' ? (char)('a' + draw % 26) : *part == '@' ? (char)('0' + draw % 10) : *part;
    }
  }
  *end = 0;
}

uint32_t run(int n) {
  uint32_t sum = 0;
  make_source();
  for (int round = 0; round < n; round++) {
    Value root = {.kind = TABLE};
    at = source;
    line = 1;
    complaints = 0;
    source[7 + round % 3] = (char)('a' + round % 26);
    read_all(&root);
    for (size_t i = 0; i < sizeof RULES / sizeof *RULES; i++) check(&root, RULES[i].path, &RULES[i]);
    sum = mix(mix(sum, complaints), give_back(&root));
  }
  return sum;
}
