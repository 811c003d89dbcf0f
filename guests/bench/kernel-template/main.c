// Fills in templates like Mustache's: compiled to a tree of tags, rendered by walking it along a
// stack of scopes, with sections, partials, filters behind function pointers, and HTML escapes.
#include "kernel.h"

#define PEOPLE 12
#define MOST_ORDERS 6

typedef enum { STRING, NUMBER, LIST, RECORD } Kind;

typedef struct Value {
  Kind kind;
  /** Items of a list, fields of a record; a number itself. */
  int32_t count;
  union {
    const char *text;
    const struct Value *items;
    const struct Field *fields;
  };
} Value;

typedef struct Field {
  const char *name;
  Value value;
} Field;

typedef struct Scope {
  const Value *value;
  const struct Scope *outer;
} Scope;

typedef enum { LITERAL, ESCAPED, RAW, SECTION, INVERTED, PARTIAL } Tag;

typedef struct Node {
  Tag tag;
  uint32_t length;
  const char *name;
  /** Of a section: what is in it. */
  struct Node *inner, *next;
  void (*filter)(const char *text, size_t length);
} Node;

static const char PAGE[] =
    "<h1>{{shop|upper}} &mdash; {{count}} people</h1>\n{{#people}}<section id=\"p{{id}}\">\n"
    "  <h2>{{name}} <small>{{address.city|upper}}</small></h2>\n{{#note}}  <p>{{note}}</p>\n{{/note}}"
    "{{^orders}}  <p>{{name}} has ordered nothing from {{shop}}.</p>\n{{/orders}}"
    "{{#orders}}{{>row}}{{/orders}}</section>\n{{/people}}{{^people}}<p>Nobody.</p>{{/people}}\n";
static const char ROW[] =
    "  <tr class=\"{{#dear}}dear{{/dear}}{{^dear}}cheap{{/dear}}\"><td>{{item}}</td>"
    "<td>{{cents|money}}</td><td>{{{name}}}</td><td>{{#tags}}<i>{{.}}</i> {{/tags}}</td></tr>\n";

static Field shop[3], records[PEOPLE][5], addresses[PEOPLE][2], lines[PEOPLE][MOST_ORDERS][4];
static Value people[PEOPLE], orders[PEOPLE][MOST_ORDERS];
static char *out;
static size_t length, room;
static const Node *row;

static NOINLINE void put(const char *text, size_t count) {
  if (length + count > room) {
    room = (room + count) * 2;
    out = realloc(out, room);
  }
  memcpy(out + length, text, count);
  length += count;
}

static void escape(const char *text, size_t count) {
  static const char *const NAMES[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"};
  static const char SPECIAL[] = "&<>\"'";
  size_t from = 0;
  for (size_t i = 0; i < count; i++) {
    const char *special = strchr(SPECIAL, text[i]);
    if (!special) continue;
    put(text + from, i - from);
    const char *name = NAMES[special - SPECIAL];
    put(name, strlen(name));
    from = i + 1;
  }
  put(text + from, count - from);
}

static void upper(const char *text, size_t count) {
  for (size_t i = 0; i < count; i++) {
    char c = text[i] >= 'a' && text[i] <= 'z' ? (char)(text[i] - 32) : text[i];
    escape(&c, 1);
  }
}

/** A point before the last two digits, an apostrophe before each three others. */
static void money(const char *text, size_t count) {
  for (size_t i = 0; i < count; i++) {
    size_t left = count - i;
    if (left == 2) put(i == 0 ? "0." : ".", i == 0 ? 2 : 1);
    else if (i > 0 && left > 2 && left % 3 == 2) put("'", 1);
    put(text + i, 1);
  }
}

static const struct {
  const char *name;
  void (*filter)(const char *text, size_t length);
} FILTERS[] = {{"upper", upper}, {"money", money}};

/** All up to a tag that closes, which is `name`'s or the end; what follows it is left at `*at`. */
static NOINLINE Node *compile(const char **at, const char *name, uint32_t name_length) {
  Node *first = 0, **link = &first;
  for (;;) {
    const char *open = strstr(*at, "{{"), *text = *at;
    if (!open) open = text + strlen(text);
    if (open > text) {
      Node *made = *link = malloc(sizeof *made);
      *made = (Node){LITERAL, (uint32_t)(open - text), text, 0, 0, 0};
      link = &made->next;
    }
    *at = open;
    if (*open == 0) return first;
    open += 2;
    char kind = *open;
    if (strchr("#^/>{", kind)) open++;
    const char *close = strstr(open, kind == '{' ? "}}}" : "}}");
    uint32_t count = (uint32_t)(close - open);
    *at = close + (kind == '{' ? 3 : 2);
    if (kind == '/' && count == name_length && memcmp(open, name, count) == 0) return first;
    Node *made = *link = malloc(sizeof *made);
    *made = (Node){ESCAPED, count, open, 0, 0, escape};
    link = &made->next;
    const char *bar = memchr(open, '|', count);
    if (bar) {
      made->length = (uint32_t)(bar - open);
      for (size_t i = 0; i < sizeof FILTERS / sizeof *FILTERS; i++) {
        size_t wanted = strlen(FILTERS[i].name);
        if (wanted == (size_t)(close - bar - 1) && memcmp(bar + 1, FILTERS[i].name, wanted) == 0) {
          made->filter = FILTERS[i].filter;
        }
      }
    }
    switch (kind) {
      case '{': made->tag = RAW, made->filter = put; break;
      case '>': made->tag = PARTIAL; break;
      case '#':
      case '^':
        made->tag = kind == '#' ? SECTION : INVERTED;
        made->inner = compile(at, open, count);
    }
  }
}

static const Value *field(const Value *record, const char *name, size_t count) {
  for (int32_t i = 0; record->kind == RECORD && i < record->count; i++) {
    const Field *at = &record->fields[i];
    if (strncmp(at->name, name, count) == 0 && at->name[count] == 0) return &at->value;
  }
  return 0;
}

/** A name's first part is looked for from the inside out, the others only where that was. */
static NOINLINE const Value *look_up(const Scope *scope, const char *name, size_t count) {
  if (count == 1 && *name == '.') return scope->value;
  const char *end = name + count, *dot = memchr(name, '.', count);
  const Value *found = 0;
  for (; scope && !found; scope = scope->outer) {
    found = field(scope->value, name, (size_t)((dot ? dot : end) - name));
  }
  while (found && dot) {
    name = dot + 1;
    dot = memchr(name, '.', (size_t)(end - name));
    found = field(found, name, (size_t)((dot ? dot : end) - name));
  }
  return found;
}

static int is_empty(const Value *value) {
  return !value || (value->kind == STRING ? *value->text == 0 : value->count == 0);
}

static void print(const Value *value, const Node *node) {
  char digits[12];
  size_t at = sizeof digits;
  if (!value || value->kind > NUMBER) return;
  if (value->kind == STRING) {
    node->filter(value->text, strlen(value->text));
    return;
  }
  uint32_t rest = (uint32_t)value->count;
  do digits[--at] = (char)('0' + rest % 10);
  while ((rest /= 10) > 0);
  node->filter(digits + at, sizeof digits - at);
}

static NOINLINE void render(const Node *node, const Scope *scope) {
  for (; node; node = node->next) {
    if (node->tag == LITERAL) {
      put(node->name, node->length);
      continue;
    }
    const Value *value = look_up(scope, node->name, node->length);
    switch (node->tag) {
      case PARTIAL: render(row, scope); break;
      case INVERTED:
        if (is_empty(value)) render(node->inner, scope);
        break;
      case SECTION:
        if (is_empty(value)) break;
        int32_t times = value->kind == LIST ? value->count : 1;
        for (int32_t i = 0; i < times; i++) {
          Scope inner = {value->kind == LIST ? &value->items[i] : value, scope};
          render(node->inner, &inner);
        }
        break;
      default: print(value, node);
    }
  }
}

static void discard(Node *node) {
  for (Node *next; node; node = next) {
    next = node->next;
    discard(node->inner);
    free(node);
  }
}

static Value text(const char *chosen) {
  return (Value){STRING, 0, {.text = chosen}};
}

static Value number(uint32_t chosen) {
  return (Value){NUMBER, (int32_t)chosen, {0}};
}

static void make_data(void) {
  static const char *const NAMES[] = {"Ada", "O'Brien & Sons", "Grace", "<unknown>", "Edsger"};
  static const char *const ITEMS[] = {"a \"small\" lamp", "tea", "nuts & bolts", "paper, white"};
  static const Value TAGS[] = {{STRING, 0, {.text = "new"}}, {STRING, 0, {.text = "r&d"}}};
  seed = 283;
  for (int i = 0; i < PEOPLE; i++) {
    int32_t count = (int32_t)(next_random() % (MOST_ORDERS + 1));
    for (int32_t j = 0; j < count; j++) {
      uint32_t cents = next_random() % 400000;
      lines[i][j][0] = (Field){"item", text(ITEMS[next_random() % 4])};
      lines[i][j][1] = (Field){"cents", number(cents)};
      lines[i][j][2] = (Field){"dear", number(cents > 250000)};
      lines[i][j][3] = (Field){"tags", {LIST, (int32_t)(cents % 3), {.items = TAGS}}};
      orders[i][j] = (Value){RECORD, 4, {.fields = lines[i][j]}};
    }
    addresses[i][0] = (Field){"street", text("Main & 3rd")};
    addresses[i][1] = (Field){"city", text(next_random() % 2 ? "Bern" : "L'Aquila")};
    records[i][0] = (Field){"id", number(next_random())};
    records[i][1] = (Field){"name", text(NAMES[next_random() % 5])};
    records[i][2] = (Field){"address", {RECORD, 2, {.fields = addresses[i]}}};
    records[i][3] = (Field){"note", text(next_random() % 3 ? "" : "pays late, \"as always\"")};
    records[i][4] = (Field){"orders", {LIST, count, {.items = orders[i]}}};
    people[i] = (Value){RECORD, 5, {.fields = records[i]}};
  }
}

uint32_t run(int n) {
  uint32_t sum = 0;
  make_data();
  for (int round = 0; round < n; round++) {
    const char *page_at = PAGE, *row_at = ROW;
    Node *page = compile(&page_at, "", 0), *partial = compile(&row_at, "", 0);
    int32_t count = round % (PEOPLE + 1);
    shop[0] = (Field){"shop", text(round % 2 ? "Corner <Shop>" : "Book & Candle")};
    shop[1] = (Field){"count", number((uint32_t)count)};
    shop[2] = (Field){"people", {LIST, count, {.items = people + PEOPLE - count}}};
    Value all = {RECORD, 3, {.fields = shop}};
    out = 0;
    length = room = 0;
    row = partial;
    render(page, &(Scope){&all, 0});
    for (size_t i = 0; i < length; i++) sum = mix(sum, (uint8_t)out[i]);
    free(out);
    discard(page);
    discard(partial);
  }
  return sum;
}
