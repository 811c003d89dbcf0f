// Decides whether a formula of clauses can be made true, as solvers do that learn from conflicts:
// two watched literals a clause, implications back to a first common one, jumps back, restarts.
#include "kernel.h"

#define VARIABLES 70
#define LITERALS (VARIABLES * 2)
#define LEAST_CLAUSES 275
#define RESTART 24

/** Twice its variable, and one more if it is negated. */
typedef uint32_t Literal;

/** Where a clause begins in the store: its size, then its literals, the two watched ones first. */
typedef uint32_t Clause;

typedef struct {
  Clause clause;
  /** Another one of the clause: if it is true there is no need to look further. */
  Literal other;
} Watch;

typedef struct {
  Watch *items;
  uint32_t count, room;
} Watches;

static uint32_t *store, stored, store_room;
static Watches watches[LITERALS];
static int8_t values[LITERALS];
/** What a variable had last, tried first the next time. */
static uint8_t saved[VARIABLES], seen[VARIABLES];
static uint32_t levels[VARIABLES];
static Clause reasons[VARIABLES];
static Literal trail[VARIABLES], learnt[VARIABLES];
static uint32_t trailed, head, level, limits[VARIABLES + 1], learnt_size;
/** Variables by when they last had to do with a conflict, a list both ways. */
static uint32_t newer[VARIABLES + 1], older[VARIABLES + 1], stamps[VARIABLES + 1], stamp, search;
static uint32_t conflicts, decisions, implied;

static void watch(Literal literal, Clause clause, Literal other) {
  Watches *list = &watches[literal];
  if (list->count == list->room) {
    list->room = list->room * 2 + 8;
    list->items = realloc(list->items, list->room * sizeof *list->items);
  }
  list->items[list->count++] = (Watch){clause, other};
}

static Clause add_clause(const Literal *literals, uint32_t size) {
  if (stored + size + 1 > store_room) {
    store_room = store_room * 2 + size + 64;
    store = realloc(store, store_room * sizeof *store);
  }
  Clause made = stored;
  store[stored++] = size;
  memcpy(store + stored, literals, size * sizeof *literals);
  stored += size;
  watch(literals[0], made, literals[1]);
  watch(literals[1], made, literals[0]);
  return made;
}

static inline void assign(Literal literal, Clause reason) {
  uint32_t variable = literal >> 1;
  values[literal] = 1;
  values[literal ^ 1] = -1;
  levels[variable] = level;
  reasons[variable] = reason;
  trail[trailed++] = literal;
}

/** Follows all that is implied. Answers the clause that became false, or 0. */
static NOINLINE Clause propagate(void) {
  while (head < trailed) {
    Literal wrong = trail[head++] ^ 1;
    Watches *list = &watches[wrong];
    uint32_t kept = 0, i = 0;
    Clause conflict = 0;
    while (i < list->count) {
      Watch watched = list->items[i++];
      if (values[watched.other] > 0) {
        list->items[kept++] = watched;
        continue;
      }
      uint32_t size = store[watched.clause], next = 2;
      Literal *literals = store + watched.clause + 1;
      Literal other = literals[0] ^ literals[1] ^ wrong;
      literals[0] = other;
      literals[1] = wrong;
      if (values[other] <= 0) {
        while (next < size && values[literals[next]] < 0) next++;
        if (next < size) {
          literals[1] = literals[next];
          literals[next] = wrong;
          watch(literals[1], watched.clause, other);
          continue;
        }
      }
      list->items[kept++] = (Watch){watched.clause, other};
      if (values[other] > 0) continue;
      if (values[other] < 0) {
        conflict = watched.clause;
        break;
      }
      implied++;
      assign(other, watched.clause);
    }
    while (i < list->count) list->items[kept++] = list->items[i++];
    list->count = kept;
    if (conflict) return conflict;
  }
  return 0;
}

static void jump_back(uint32_t to) {
  if (level <= to) return;
  while (trailed > limits[to]) {
    Literal literal = trail[--trailed];
    uint32_t variable = literal >> 1;
    values[literal] = values[literal ^ 1] = 0;
    saved[variable] = literal & 1;
    if (stamps[variable] > stamps[search]) search = variable;
  }
  head = trailed;
  level = to;
}

/** To the new end of the list. */
static void bump(uint32_t variable) {
  newer[older[variable]] = newer[variable];
  older[newer[variable]] = older[variable];
  uint32_t last = older[VARIABLES];
  newer[last] = variable;
  older[variable] = last;
  newer[variable] = VARIABLES;
  older[VARIABLES] = variable;
  stamps[variable] = ++stamp;
  if (values[variable * 2] == 0) search = variable;
}

/** Is it implied by others that are in the clause already? */
static int is_needless(Literal literal) {
  Clause reason = reasons[literal >> 1];
  if (!reason) return 0;
  for (uint32_t i = 1; i <= store[reason]; i++) {
    uint32_t variable = store[reason + i] >> 1;
    if (!seen[variable] && levels[variable] > 0) return 0;
  }
  return 1;
}

/** Learns what the conflict is due to, with one literal of this level, and answers the level where
 * that follows. */
static NOINLINE uint32_t analyse(Clause conflict) {
  uint32_t open = 0, at = trailed, back = 0;
  Literal literal;
  Clause clause = conflict;
  learnt_size = 1;
  memset(seen, 0, sizeof seen);
  do {
    for (uint32_t i = 1; i <= store[clause]; i++) {
      uint32_t variable = store[clause + i] >> 1;
      if (seen[variable] || levels[variable] == 0) continue;
      seen[variable] = 1;
      if (levels[variable] == level) open++;
      else learnt[learnt_size++] = store[clause + i];
    }
    while (!seen[trail[--at] >> 1]) {}
    literal = trail[at];
    clause = reasons[literal >> 1];
  } while (--open > 0);
  learnt[0] = literal ^ 1;
  uint32_t kept = 1;
  for (uint32_t i = 1; i < learnt_size; i++) {
    if (!is_needless(learnt[i])) learnt[kept++] = learnt[i];
  }
  learnt_size = kept;
  for (uint32_t i = 1; i < learnt_size; i++) {
    if (levels[learnt[i] >> 1] <= back) continue;
    back = levels[learnt[i] >> 1];
    Literal highest = learnt[i];
    learnt[i] = learnt[1];
    learnt[1] = highest;
  }
  return back;
}

static void learn(uint32_t back) {
  jump_back(back);
  Clause made = learnt_size > 1 ? add_clause(learnt, learnt_size) : 0;
  assign(learnt[0], made);
  for (uint32_t i = 0; i < VARIABLES; i++) {
    if (seen[i]) bump(i);
  }
}

static void decide(void) {
  while (values[search * 2] != 0) search = older[search];
  limits[level++] = trailed;
  decisions++;
  assign(search * 2 + saved[search], 0);
}

static NOINLINE int solve(void) {
  uint32_t restarts = 1, left = RESTART;
  for (;;) {
    Clause conflict = propagate();
    if (conflict) {
      conflicts++;
      if (level == 0) return 0;
      learn(analyse(conflict));
      if (left > 0) left--;
    } else if (left == 0) {
      jump_back(0);
      left = RESTART * ++restarts;
    } else if (trailed == VARIABLES) {
      return 1;
    } else {
      decide();
    }
  }
}

static void reset(void) {
  store_room = 4096;
  store = malloc(store_room * sizeof *store);
  stored = 1;
  memset(watches, 0, sizeof watches);
  memset(values, 0, sizeof values);
  memset(saved, 1, sizeof saved);
  trailed = head = level = stamp = 0;
  conflicts = decisions = implied = 0;
  for (uint32_t i = 0; i <= VARIABLES; i++) {
    newer[i] = i == VARIABLES ? 0 : i + 1;
    older[i] = i == 0 ? VARIABLES : i - 1;
    stamps[i] = i < VARIABLES ? ++stamp : 0;
  }
  search = VARIABLES - 1;
}

static void make_formula(int clauses) {
  for (int i = 0; i < clauses; i++) {
    Literal literals[3];
    for (int j = 0; j < 3; j++) {
      literals[j] = next_random() % LITERALS;
      for (int k = 0; k < j; k++) {
        if (literals[k] >> 1 == literals[j] >> 1) j = k = -1;
        if (j < 0) break;
      }
    }
    add_clause(literals, 3);
  }
}

/** How many clauses are true; of a model all should be. */
static uint32_t count_true(uint32_t end) {
  uint32_t count = 0;
  for (Clause clause = 1; clause < end; clause += store[clause] + 1) {
    uint32_t i = 1;
    while (i <= store[clause] && values[store[clause + i]] <= 0) i++;
    count += i <= store[clause];
  }
  return count;
}

uint32_t run(int n) {
  uint32_t sum = 0;
  seed = 709;
  for (int round = 0; round < n; round++) {
    reset();
    make_formula(LEAST_CLAUSES + round % 5 * 12);
    uint32_t end = stored;
    int can_be = solve();
    sum = mix(mix(sum, conflicts), mix(decisions, implied));
    sum = mix(mix(sum, stored), can_be ? count_true(end) : 0);
    for (Literal i = 0; can_be && i < LITERALS; i += 2) sum = mix(sum, values[i] > 0);
    for (int i = 0; i < LITERALS; i++) free(watches[i].items);
    free(store);
  }
  return sum;
}
