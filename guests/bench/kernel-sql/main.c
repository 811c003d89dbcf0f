// Answers queries over two tables as a small database does: conditions parsed to trees, those on a
// single table tried before the join by hash, the others after it; groups with sums, put in order.
#include "kernel.h"

#define ORDERS 500
#define CUSTOMERS 60
#define BUCKETS 64
#define MOST_TERMS 8
#define TEXT 5

typedef struct {
  int32_t numbers[TEXT];
  char text[12];
} Record;

typedef struct {
  const char *name;
  int table, index;
} Column;

static const Column COLUMNS[] = {
    {"customer", 0, 0}, {"amount", 0, 1}, {"price", 0, 2}, {"day", 0, 3},
    {"state", 0, 4},    {"item", 0, TEXT}, {"id", 1, 0},   {"region", 1, 1},
    {"rank", 1, 2},     {"credit", 1, 3}, {"since", 1, 4}, {"name", 1, TEXT}};

typedef enum {
  NUMBER, COLUMN, LIKE, NOT, AND, OR, EQUAL, LESS, MORE, PLUS, MINUS, TIMES, REST
} Kind;

typedef struct Node {
  Kind kind;
  struct Node *left, *right;
  const Column *column;
  int64_t number;
  char text[12];
} Node;

typedef struct Group {
  struct Group *next;
  int64_t keys[2], sum;
  uint32_t count;
} Group;

typedef struct {
  const Node *node;
  /** A bit for each table that is named. */
  int tables;
} Term;

typedef struct {
  Node *summed, *where;
  const Column *keys[2];
  Term terms[MOST_TERMS];
  int term_count;
  uint32_t group_count;
  Group *groups[BUCKETS];
} Query;

static const char *const QUERIES[] = {
    "sum amount * price where amount > @0 and region < @ and not state = @ by region rank",
    "sum price where (day % 7 < @ or rank = @) and item like 'b%' and credit > amount by day state",
    "sum amount - price % @3 where name like '%a_%' and (item like '%e%' or state > @) by rank id",
    "sum credit - amount * @ where day > 1@ and day < 2@ and region + state = @ by customer id",
    "sum day where not (price < @00 or price > 8@0) and since % 2 = region % 2 by state region"};

static Record orders[ORDERS], customers[CUSTOMERS];
static const char *at;

static int take(const char *symbol) {
  size_t size = strlen(symbol);
  while (*at == ' ') at++;
  if (strncmp(at, symbol, size) != 0) return 0;
  at += size;
  return 1;
}

static Node *make(Kind kind, Node *left, Node *right) {
  Node *made = calloc(1, sizeof *made);
  made->kind = kind;
  made->left = left;
  made->right = right;
  return made;
}

static const Column *column(void) {
  while (*at == ' ') at++;
  size_t size = strspn(at, "abcdefghijklmnopqrstuvwxyz");
  for (size_t i = 0; i < sizeof COLUMNS / sizeof *COLUMNS; i++) {
    if (strlen(COLUMNS[i].name) != size || strncmp(COLUMNS[i].name, at, size) != 0) continue;
    at += size;
    return &COLUMNS[i];
  }
  abort();
}

static Node *expression(int level);

static NOINLINE Node *primary(void) {
  if (take("(")) {
    Node *inner = expression(0);
    if (!take(")")) abort();
    return inner;
  }
  Node *made = make(*at >= '0' && *at <= '9' ? NUMBER : COLUMN, 0, 0);
  if (made->kind == NUMBER) made->number = strtol(at, (char **)&at, 10);
  else made->column = column();
  if (!take("like '")) return made;
  made->kind = LIKE;
  for (char *out = made->text; *at != '\'';) *out++ = *at++;
  at++;
  return made;
}

/** Operators of the first level are the loosest, those of the last bind the most. */
static NOINLINE Node *expression(int level) {
  static const struct {
    const char *symbol;
    Kind kind;
    int level;
  } OPERATORS[] = {{"or ", OR, 0},    {"and ", AND, 1},  {"= ", EQUAL, 3},
                   {"< ", LESS, 3},   {"> ", MORE, 3},   {"+ ", PLUS, 4},
                   {"- ", MINUS, 4},  {"* ", TIMES, 5},  {"% ", REST, 5}};
  if (level == 2 && take("not ")) return make(NOT, expression(2), 0);
  if (level == 6) return primary();
  Node *left = expression(level + 1);
  for (size_t i = 0; i < sizeof OPERATORS / sizeof *OPERATORS;) {
    size_t tried = i++;
    if (OPERATORS[tried].level != level || !take(OPERATORS[tried].symbol)) continue;
    left = make(OPERATORS[tried].kind, left, expression(level + 1));
    i = 0;
  }
  return left;
}

/** A percent sign is for any text, a line below for any one letter. */
static NOINLINE int is_like(const char *text, const char *pattern) {
  for (; *pattern; pattern++, text++) {
    if (*pattern == '%') {
      do {
        if (is_like(text, pattern + 1)) return 1;
      } while (*text++);
      return 0;
    }
    if (*text == 0 || (*pattern != '_' && *pattern != *text)) return 0;
  }
  return *text == 0;
}

static inline int64_t field(const Column *column, const Record **row) {
  return row[column->table]->numbers[column->index];
}

static NOINLINE int64_t evaluate(const Node *node, const Record **row) {
  switch (node->kind) {
    case NUMBER: return node->number;
    case COLUMN: return field(node->column, row);
    case LIKE: return is_like(row[node->column->table]->text, node->text);
    case NOT: return !evaluate(node->left, row);
    case AND: return evaluate(node->left, row) && evaluate(node->right, row);
    case OR: return evaluate(node->left, row) || evaluate(node->right, row);
    default: break;
  }
  int64_t a = evaluate(node->left, row), b = evaluate(node->right, row);
  switch (node->kind) {
    case EQUAL: return a == b;
    case LESS: return a < b;
    case MORE: return a > b;
    case PLUS: return a + b;
    case MINUS: return a - b;
    case TIMES: return a * b;
    default: return b == 0 ? 0 : a % b;
  }
}

static int tables_of(const Node *node) {
  if (!node) return 0;
  int own = node->column ? 1 << node->column->table : 0;
  return own | tables_of(node->left) | tables_of(node->right);
}

static void split_terms(Query *query, const Node *node) {
  if (node->kind == AND) {
    split_terms(query, node->left);
    split_terms(query, node->right);
  } else if (query->term_count < MOST_TERMS) {
    query->terms[query->term_count++] = (Term){node, tables_of(node)};
  }
}

static void parse(Query *query, const char *source) {
  *query = (Query){0};
  at = source;
  query->summed = take("sum ") ? expression(0) : 0;
  query->where = take("where ") ? expression(0) : 0;
  if (!query->summed || !query->where || !take("by ")) abort();
  query->keys[0] = column();
  query->keys[1] = column();
  split_terms(query, query->where);
}

/** Whether all terms hold that name these tables and no others. */
static NOINLINE int holds(const Query *query, int tables, const Record **row) {
  for (int i = 0; i < query->term_count; i++) {
    if (query->terms[i].tables == tables && !evaluate(query->terms[i].node, row)) return 0;
  }
  return 1;
}

static NOINLINE void gather(Query *query, const Record **row) {
  int64_t a = field(query->keys[0], row), b = field(query->keys[1], row);
  Group **link = &query->groups[(uint32_t)(a * 31 + b) % BUCKETS];
  while (*link && ((*link)->keys[0] != a || (*link)->keys[1] != b)) link = &(*link)->next;
  if (!*link) {
    *link = malloc(sizeof **link);
    **link = (Group){0, {a, b}, 0, 0};
    query->group_count++;
  }
  (*link)->sum += evaluate(query->summed, row);
  (*link)->count++;
}

static NOINLINE void join(Query *query) {
  int heads[BUCKETS], next[CUSTOMERS];
  memset(heads, -1, sizeof heads);
  for (int i = 0; i < CUSTOMERS; i++) {
    const Record *row[2] = {0, &customers[i]};
    if (!holds(query, 2, row)) continue;
    int *head = &heads[customers[i].numbers[0] % BUCKETS];
    next[i] = *head;
    *head = i;
  }
  for (int i = 0; i < ORDERS; i++) {
    const Record *row[2] = {&orders[i], 0};
    if (!holds(query, 1, row)) continue;
    int id = orders[i].numbers[0];
    for (int other = heads[id % BUCKETS]; other >= 0; other = next[other]) {
      row[1] = &customers[other];
      if (row[1]->numbers[0] == id && holds(query, 3, row)) gather(query, row);
    }
  }
}

static int by_sum(const void *a, const void *b) {
  const Group *one = *(Group *const *)a, *other = *(Group *const *)b;
  if (one->sum != other->sum) return one->sum < other->sum ? 1 : -1;
  if (one->keys[0] != other->keys[0]) return one->keys[0] < other->keys[0] ? -1 : 1;
  return one->keys[1] < other->keys[1] ? -1 : one->keys[1] > other->keys[1];
}

static void discard(Node *node) {
  if (!node) return;
  discard(node->left);
  discard(node->right);
  free(node);
}

/** A checksum of the groups, the one with the greatest sum first. */
static uint32_t answer(const char *source) {
  Query query;
  parse(&query, source);
  join(&query);
  Group **sorted = malloc((query.group_count + 1) * sizeof *sorted);
  uint32_t count = 0, sum = query.group_count;
  for (int i = 0; i < BUCKETS; i++) {
    for (Group *group = query.groups[i]; group; group = group->next) sorted[count++] = group;
  }
  qsort(sorted, count, sizeof *sorted, by_sum);
  for (uint32_t i = 0; i < count; i++) {
    Group *group = sorted[i];
    sum = mix(mix(mix(sum, (uint32_t)group->keys[0]), (uint32_t)group->keys[1]), group->count);
    sum = mix(mix(sum, (uint32_t)(group->sum >> 32)), (uint32_t)group->sum);
    free(group);
  }
  free(sorted);
  discard(query.summed);
  discard(query.where);
  return sum;
}

static void fill(Record *record, int id, int table) {
  static const uint32_t BOUNDS[2][TEXT] = {{0, 400, 1000, 31, 6}, {0, 8, 5, 1000, 30}};
  record->numbers[0] = id;
  for (int i = 1; i < TEXT; i++) record->numbers[i] = (int32_t)(next_random() % BOUNDS[table][i]);
  char *to = record->text;
  for (uint32_t i = 2 + next_random() % 4; i > 0; i--) {
    uint32_t draw = next_random();
    *to++ = "bdklmnprst"[draw % 10];
    *to++ = "aeiou"[(draw >> 8) % 5];
  }
  *to = 0;
}

uint32_t run(int n) {
  uint32_t sum = 0;
  seed = 613;
  for (int i = 0; i < CUSTOMERS; i++) fill(&customers[i], 100 + i * 7, 1);
  for (int i = 0; i < ORDERS; i++) {
    fill(&orders[i], 100 + (int)(next_random() % (CUSTOMERS + 4)) * 7, 0);
  }
  for (int round = 0; round < n; round++) {
    char source[128];
    strcpy(source, QUERIES[round % 5]);
    for (char *c = source; *c; c++) {
      if (*c == '@') *c = (char)('1' + next_random() % 8);
    }
    sum = mix(sum, answer(source));
  }
  return sum;
}
