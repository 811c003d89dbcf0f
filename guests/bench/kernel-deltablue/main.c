// A graph of one-way constraints between variables, planned anew and propagated as values change:
// objects with virtual calls, small growing lists. In the spirit of DeltaBlue.
#include "kernel.h"

#define CHAIN 400

typedef struct Variable Variable;
typedef struct Constraint Constraint;

typedef struct {
  void (*execute)(Constraint *self);
  int (*satisfied)(const Constraint *self);
} Kind;

struct Constraint {
  const Kind *kind;
  Variable *from, *to;
  int scale, offset, strength;
};

struct Variable {
  int value, mark, walk;
  Constraint *determined_by;
  Constraint **uses;
  int used, room;
};

static void execute_equal(Constraint *self) {
  self->to->value = self->from->value;
}
static int satisfied_equal(const Constraint *self) {
  return self->to->value == self->from->value;
}
static void execute_scale(Constraint *self) {
  self->to->value = (int)((uint32_t)self->from->value * (uint32_t)self->scale) + self->offset;
}
static int satisfied_scale(const Constraint *self) {
  int wanted = (int)((uint32_t)self->from->value * (uint32_t)self->scale) + self->offset;
  return self->to->value == wanted;
}
static void execute_stay(Constraint *self) {
  self->to->value = self->offset;
}
static int satisfied_stay(const Constraint *self) {
  return self->to->value == self->offset;
}

static const Kind EQUAL = {execute_equal, satisfied_equal};
static const Kind SCALE = {execute_scale, satisfied_scale};
static const Kind STAY = {execute_stay, satisfied_stay};

static Constraint constraints[3 * CHAIN];
static int constrained;

static void constrain(const Kind *kind, Variable *from, Variable *to, int scale, int offset,
                      int strength) {
  Constraint *made = &constraints[constrained++];
  *made = (Constraint){kind, from, to, scale, offset, strength};
  if (from) {
    if (from->used == from->room) {
      from->room = from->room ? 2 * from->room : 2;
      from->uses = realloc(from->uses, (size_t)from->room * sizeof *from->uses);
    }
    from->uses[from->used++] = made;
  }
  if (!to->determined_by || to->determined_by->strength < strength) to->determined_by = made;
}

typedef struct {
  Constraint *steps[4 * CHAIN];
  int count;
} Plan;

/** The constraints that follow from `start`, each after the one that feeds it. */
static NOINLINE void plan_from(Variable *start, int mark, Plan *plan) {
  Variable *pending[4 * CHAIN];
  int waiting = 0;
  plan->count = 0;
  start->mark = mark;
  pending[waiting++] = start;
  while (waiting > 0) {
    Variable *variable = pending[--waiting];
    for (int i = 0; i < variable->used; i++) {
      Constraint *constraint = variable->uses[i];
      Variable *to = constraint->to;
      if (to->determined_by != constraint || to->mark == mark) continue;
      to->mark = mark;
      to->walk++;
      plan->steps[plan->count++] = constraint;
      pending[waiting++] = to;
    }
  }
}

static NOINLINE int carry_out(const Plan *plan) {
  int satisfied = 0;
  for (int i = 0; i < plan->count; i++) {
    Constraint *step = plan->steps[i];
    step->kind->execute(step);
    satisfied += step->kind->satisfied(step);
  }
  return satisfied;
}

uint32_t run(int n) {
  static Variable variables[CHAIN], scaled[CHAIN];
  static Plan plan;
  uint32_t sum = 0;
  memset(variables, 0, sizeof variables);
  memset(scaled, 0, sizeof scaled);
  constrained = 0;
  for (int i = 0; i < CHAIN; i++) {
    if (i > 0) constrain(&EQUAL, &variables[i - 1], &variables[i], 0, 0, 3);
    constrain(&STAY, 0, &scaled[i], 0, i, 1);
    constrain(&SCALE, &variables[i], &scaled[i], i % 10 + 1, i % 7, i % 3);
  }
  for (int round = 0; round < n * 10; round++) {
    Variable *start = &variables[round % 7];
    start->value = round;
    plan_from(start, round + 1, &plan);
    sum = mix(sum, (uint32_t)carry_out(&plan));
    sum = mix(sum, (uint32_t)variables[CHAIN - 1].value + (uint32_t)scaled[round % CHAIN].value);
  }
  for (int i = 0; i < CHAIN; i++) {
    sum = mix(sum, (uint32_t)(variables[i].walk + scaled[i].walk));
    free(variables[i].uses);
  }
  return sum;
}
