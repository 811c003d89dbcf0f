// Answers a query as a database does: operators that ask the one below for its next row by a
// function pointer. A scan, filters, a join by hash, groups, a sort.
#include "kernel.h"

#define ORDERS 900
#define CUSTOMERS 120
#define BUCKETS 64
#define COLUMNS 5

typedef struct {
  int32_t values[COLUMNS];
} Row;

enum { ORDER_ID, ORDER_CUSTOMER, ORDER_DAY, ORDER_CENTS };
enum { CUSTOMER_ID, CUSTOMER_COUNTRY, CUSTOMER_AGE };
/** Of a join the left side's columns, of which the last becomes the right side's country. */
enum { JOINED_COUNTRY = 4 };
enum { GROUP_COUNTRY, GROUP_COUNT, GROUP_CENTS, GROUP_LAST_DAY };

/** What every operator begins with. */
typedef struct Operator {
  int (*next)(struct Operator *self, Row *out);
  void (*close)(struct Operator *self);
  struct Operator *below;
} Operator;

typedef struct {
  Operator base;
  const Row *at, *end;
} Scan;

typedef int (*Test)(const Row *row, int32_t against);
typedef struct {
  Operator base;
  Test test;
  int32_t against;
} Filter;

typedef struct Link {
  struct Link *chained;
  Row row;
} Link;
typedef struct {
  Operator base;
  Operator *right;
  Link *buckets[BUCKETS];
  int is_built;
} Join;

/** Groups and sorts read all there is before their first row. */
typedef struct {
  Operator base;
  Row *rows;
  int count, room, at, is_read;
  int (*order)(const void *a, const void *b);
} Gather;

static Row orders[ORDERS], customers[CUSTOMERS];

static void close_below(Operator *self) {
  if (self->below) self->below->close(self->below);
  free(self);
}

static void *make(size_t size, Operator *below, int (*next)(Operator *, Row *)) {
  Operator *made = calloc(1, size);
  *made = (Operator){next, close_below, below};
  return made;
}

static int next_scanned(Operator *self, Row *out) {
  Scan *scan = (Scan *)self;
  if (scan->at == scan->end) return 0;
  *out = *scan->at++;
  return 1;
}

static Operator *scan(const Row *rows, int count) {
  Scan *made = make(sizeof *made, 0, next_scanned);
  made->at = rows;
  made->end = rows + count;
  return &made->base;
}

static int next_filtered(Operator *self, Row *out) {
  Filter *filter = (Filter *)self;
  while (self->below->next(self->below, out)) {
    if (filter->test(out, filter->against)) return 1;
  }
  return 0;
}

static Operator *filter(Operator *below, Test test, int32_t against) {
  Filter *made = make(sizeof *made, below, next_filtered);
  made->test = test;
  made->against = against;
  return &made->base;
}

static inline uint32_t bucket_of(int32_t key) {
  return (uint32_t)key * 2654435761u >> 16 & (BUCKETS - 1);
}

static void build(Join *join) {
  for (Row row; join->right->next(join->right, &row);) {
    Link **bucket = &join->buckets[bucket_of(row.values[CUSTOMER_ID])];
    Link *link = malloc(sizeof *link);
    *link = (Link){*bucket, row};
    *bucket = link;
  }
  join->is_built = 1;
}

/** Each customer is there once at most, so each order is joined once at most. */
static int next_joined(Operator *self, Row *out) {
  Join *join = (Join *)self;
  if (!join->is_built) build(join);
  while (self->below->next(self->below, out)) {
    int32_t key = out->values[ORDER_CUSTOMER];
    for (const Link *link = join->buckets[bucket_of(key)]; link; link = link->chained) {
      if (link->row.values[CUSTOMER_ID] != key) continue;
      out->values[JOINED_COUNTRY] = link->row.values[CUSTOMER_COUNTRY];
      return 1;
    }
  }
  return 0;
}

static void close_join(Operator *self) {
  Join *join = (Join *)self;
  for (int i = 0; i < BUCKETS; i++) {
    for (Link *link = join->buckets[i], *next; link; link = next) {
      next = link->chained;
      free(link);
    }
  }
  join->right->close(join->right);
  close_below(self);
}

static Operator *join(Operator *left, Operator *right) {
  Join *made = make(sizeof *made, left, next_joined);
  made->base.close = close_join;
  made->right = right;
  return &made->base;
}

static Row *append(Gather *gather) {
  if (gather->count == gather->room) {
    gather->room = gather->room * 2 + 4;
    gather->rows = realloc(gather->rows, (size_t)gather->room * sizeof *gather->rows);
  }
  return &gather->rows[gather->count++];
}

static void read_grouped(Gather *gather, Operator *below) {
  for (Row row; below->next(below, &row);) {
    int at = 0;
    int32_t country = row.values[JOINED_COUNTRY];
    while (at < gather->count && gather->rows[at].values[GROUP_COUNTRY] != country) at++;
    if (at == gather->count) *append(gather) = (Row){{country}};
    int32_t *group = gather->rows[at].values;
    group[GROUP_COUNT]++;
    group[GROUP_CENTS] += row.values[ORDER_CENTS];
    int32_t day = row.values[ORDER_DAY];
    if (day > group[GROUP_LAST_DAY]) group[GROUP_LAST_DAY] = day;
  }
}

static void read_sorted(Gather *gather, Operator *below) {
  for (Row row; below->next(below, &row);) *append(gather) = row;
  qsort(gather->rows, (size_t)gather->count, sizeof *gather->rows, gather->order);
}

static int next_gathered(Operator *self, Row *out) {
  Gather *gather = (Gather *)self;
  if (!gather->is_read) {
    if (gather->order) read_sorted(gather, self->below);
    else read_grouped(gather, self->below);
    gather->is_read = 1;
  }
  if (gather->at == gather->count) return 0;
  *out = gather->rows[gather->at++];
  return 1;
}

static void close_gather(Operator *self) {
  free(((Gather *)self)->rows);
  close_below(self);
}

/** Without an order it groups. */
static Operator *gather(Operator *below, int (*order)(const void *, const void *)) {
  Gather *made = make(sizeof *made, below, next_gathered);
  made->base.close = close_gather;
  made->order = order;
  return &made->base;
}

static int by_cents(const void *a, const void *b) {
  const int32_t *left = ((const Row *)a)->values, *right = ((const Row *)b)->values;
  int32_t order = right[GROUP_CENTS] - left[GROUP_CENTS];
  return order != 0 ? order : left[GROUP_COUNTRY] - right[GROUP_COUNTRY];
}

static int by_day_and_id(const void *a, const void *b) {
  const int32_t *left = ((const Row *)a)->values, *right = ((const Row *)b)->values;
  int order = left[ORDER_DAY] - right[ORDER_DAY];
  return order != 0 ? order : left[ORDER_ID] - right[ORDER_ID];
}

static int is_since(const Row *row, int32_t day) { return row->values[ORDER_DAY] >= day; }
static int is_dear(const Row *row, int32_t cents) { return row->values[ORDER_CENTS] > cents; }
static int is_older(const Row *row, int32_t age) { return row->values[CUSTOMER_AGE] > age; }

static void make_tables(void) {
  seed = 277;
  for (int32_t i = 0; i < CUSTOMERS; i++) {
    int32_t country = (int32_t)(next_random() % 24), age = 18 + (int32_t)(next_random() % 60);
    customers[i] = (Row){{i * 17 % 1009, country, age}};
  }
  for (int32_t i = 0; i < ORDERS; i++) {
    int32_t customer = customers[next_random() % CUSTOMERS].values[CUSTOMER_ID];
    int32_t day = (int32_t)(next_random() % 365), cents = (int32_t)(next_random() % 90000);
    orders[i] = (Row){{i, customer, day, cents}};
  }
}

static uint32_t sum_of(Operator *plan) {
  uint32_t sum = 0;
  for (Row row; plan->next(plan, &row);) {
    for (int i = 0; i < 4; i++) sum = mix(sum, (uint32_t)row.values[i]);
  }
  plan->close(plan);
  return sum;
}

uint32_t run(int n) {
  uint32_t sum = 0;
  make_tables();
  for (int round = 0; round < n; round++) {
    Operator *recent = filter(scan(orders, ORDERS), is_since, round * 7 % 200);
    Operator *grown = filter(scan(customers, CUSTOMERS), is_older, 20 + round % 30);
    sum = mix(sum, sum_of(gather(gather(join(recent, grown), 0), by_cents)));
    Operator *dear = filter(scan(orders, ORDERS), is_dear, 60000 + round * 100);
    Operator *old = filter(scan(customers, CUSTOMERS), is_older, 50);
    sum = mix(sum, sum_of(gather(join(dear, old), by_day_and_id)));
  }
  return sum;
}
