// Parses sentences that mean several things by Earley's chart: items with a dot are predicted and
// moved over words and over parts that are whole; then counts the trees and writes the cheapest.
#include "kernel.h"

#define MOST_WORDS 24
#define MOST_ITEMS 6000
#define MOST_LINKS 20000
#define MOST_PARTS 3
#define SENTENCES 4

/** The first are what words can be, the rest have rules. */
typedef enum { NOUN, VERB, THE, OLD, IN, AND, THAT, NAME, CLAUSE, GROUP, DEED, PLACE, BASE } Symbol;
#define SYMBOLS (BASE + 1)
#define FIRST_WITH_RULES CLAUSE

typedef struct {
  Symbol whole;
  int count, cost;
  Symbol parts[MOST_PARTS];
} Rule;

static const Rule RULES[] = {
    {CLAUSE, 2, 1, {GROUP, DEED}},         {CLAUSE, 3, 9, {CLAUSE, AND, CLAUSE}},
    {GROUP, 2, 1, {THE, BASE}},            {GROUP, 1, 2, {NAME}},
    {GROUP, 2, 3, {GROUP, PLACE}},         {GROUP, 3, 4, {GROUP, AND, GROUP}},
    {GROUP, 3, 6, {GROUP, THAT, DEED}},    {GROUP, 1, 5, {BASE}},
    {DEED, 1, 2, {VERB}},                  {DEED, 2, 1, {VERB, GROUP}},
    {DEED, 2, 2, {DEED, PLACE}},           {DEED, 3, 5, {DEED, AND, DEED}},
    {DEED, 3, 4, {VERB, THAT, CLAUSE}},    {PLACE, 2, 1, {IN, GROUP}},
    {BASE, 1, 1, {NOUN}},                  {BASE, 2, 2, {OLD, BASE}},
    {BASE, 2, 6, {BASE, BASE}}};
#define RULE_COUNT ((int)(sizeof RULES / sizeof *RULES))

/** One way an item came to be: the dot moved on from one over another, or over a word. */
typedef struct Link {
  struct Link *next;
  struct Item *before, *over;
} Link;

typedef struct Item {
  const Rule *rule;
  int dot, start;
  Link *links, *cheapest;
  /** Others of the same set that wait for the same symbol. */
  struct Item *waiting;
  uint32_t trees;
  int cost, is_counted;
} Item;

static Item items[MOST_ITEMS];
static Link links[MOST_LINKS];
static int item_count, link_count;
static Item *waiting[MOST_WORDS + 1][SYMBOLS];
/** The items of the set that is being made. */
static Item *known[RULE_COUNT][MOST_PARTS + 1][MOST_WORDS + 1];
static uint32_t words[MOST_WORDS];
static int word_count;

/** The item in the set at a place, which is made if there is none yet. */
static NOINLINE Item *add(int at, const Rule *rule, int dot, int start) {
  Item **place = &known[rule - RULES][dot][start];
  if (*place) return *place;
  if (item_count == MOST_ITEMS) abort();
  Item *made = *place = &items[item_count++];
  *made = (Item){.rule = rule, .dot = dot, .start = start};
  if (dot < rule->count) {
    made->waiting = waiting[at][rule->parts[dot]];
    waiting[at][rule->parts[dot]] = made;
  }
  return made;
}

static NOINLINE void advance(int at, Item *before, Item *over) {
  Item *item = add(at, before->rule, before->dot + 1, before->start);
  if (link_count == MOST_LINKS) abort();
  Link *link = &links[link_count++];
  *link = (Link){item->links, before, over};
  item->links = link;
}

static void predict(int at, Symbol symbol) {
  for (int i = 0; i < RULE_COUNT; i++) {
    if (RULES[i].whole == symbol) add(at, &RULES[i], 0, at);
  }
}

/** No rule is empty: whoever waits for a part that is whole is in an earlier set. */
static NOINLINE void fill(int at, int first) {
  for (int i = first; i < item_count; i++) {
    Item *item = &items[i];
    if (item->dot == item->rule->count) {
      Item *other = waiting[item->start][item->rule->whole];
      for (; other; other = other->waiting) advance(at, other, item);
    } else if (item->rule->parts[item->dot] >= FIRST_WITH_RULES) {
      predict(at, item->rule->parts[item->dot]);
    }
  }
}

/** Answers where the items of the last set begin; none if a word fits nowhere. */
static NOINLINE int parse(void) {
  int first = item_count = link_count = 0;
  memset(waiting, 0, sizeof waiting);
  memset(known, 0, sizeof known);
  predict(0, CLAUSE);
  fill(0, 0);
  for (int at = 0; at < word_count; at++) {
    first = item_count;
    memset(known, 0, sizeof known);
    for (int kind = 0; kind < FIRST_WITH_RULES; kind++) {
      if ((words[at] >> kind & 1) == 0) continue;
      for (Item *item = waiting[at][kind]; item; item = item->waiting) advance(at + 1, item, 0);
    }
    fill(at + 1, first);
  }
  return first;
}

/** How many trees there are for what is before the dot, and what the cheapest costs. */
static NOINLINE void count(Item *item) {
  if (item->is_counted) return;
  item->is_counted = 1;
  if (item->dot == 0) {
    item->trees = 1;
    item->cost = item->rule->cost;
  }
  for (Link *link = item->links; link; link = link->next) {
    uint32_t inside = 1;
    int cost = 0;
    count(link->before);
    if (link->over) {
      count(link->over);
      inside = link->over->trees;
      cost = link->over->cost;
    }
    item->trees += link->before->trees * inside;
    cost += link->before->cost;
    if (item->cheapest && item->cost <= cost) continue;
    item->cheapest = link;
    item->cost = cost;
  }
}

/** Writes the tree as rules in brackets, a point for a word. */
static char *write_tree(char *out, const Item *item) {
  if (item->dot == 0) {
    *out++ = '(';
    *out++ = (char)('A' + (item->rule - RULES));
    return out;
  }
  out = write_tree(out, item->cheapest->before);
  if (!item->cheapest->over) *out++ = '.';
  else out = write_tree(out, item->cheapest->over);
  if (item->dot == item->rule->count) *out++ = ')';
  return out;
}

/** Words of a part by rules that chance picks, the short ones more often the deeper it is. */
static void say(Symbol symbol, int depth) {
  if (symbol < FIRST_WITH_RULES) {
    uint32_t draw = next_random() % 4;
    Symbol also = symbol > OLD || draw > 1 ? symbol : draw == 0 ? NOUN : VERB;
    if (word_count < MOST_WORDS) words[word_count] = 1u << symbol | 1u << also;
    word_count++;
    return;
  }
  const Rule *rule;
  do {
    rule = &RULES[next_random() % RULE_COUNT];
  } while (rule->whole != symbol || (depth > 2 && rule->count == 3) ||
           (depth > 4 && symbol != CLAUSE && rule->count > 1 && symbol != PLACE));
  for (int i = 0; i < rule->count; i++) say(rule->parts[i], depth + 1);
}

static uint32_t answer(void) {
  static char tree[16 * MOST_WORDS];
  int first = parse();
  uint32_t sum = mix((uint32_t)item_count, (uint32_t)link_count), trees = 0;
  const Item *best = 0;
  for (int i = first; i < item_count; i++) {
    Item *item = &items[i];
    if (item->rule->whole != CLAUSE || item->start > 0 || item->dot < item->rule->count) continue;
    count(item);
    trees += item->trees;
    if (!best || item->cost < best->cost) best = item;
  }
  sum = mix(sum, trees);
  if (!best) return sum;
  const char *end = write_tree(tree, best);
  for (const char *c = tree; c < end; c++) sum = mix(sum, (uint8_t)*c);
  return mix(sum, (uint32_t)best->cost);
}

uint32_t run(int n) {
  uint32_t sum = 0;
  seed = 607;
  for (int i = 0; i < n * SENTENCES; i++) {
    do {
      word_count = 0;
      say(CLAUSE, 0);
    } while (word_count < 8 || word_count > MOST_WORDS);
    if (i % 8 == 7) words[next_random() % (uint32_t)word_count] = 1u << AND;
    sum = mix(sum, answer());
  }
  return sum;
}
