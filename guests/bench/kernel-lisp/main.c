// A small Lisp that reads its programs from text and walks their lists: evaluation by recursion,
// environments as lists, primitives behind function pointers.
#include "kernel.h"

/** A round's, with room: nothing is collected within it. */
#define CELLS 65536

typedef enum { NUMBER, SYMBOL, PAIR, PRIMITIVE, CLOSURE } Type;

typedef struct Cell Cell;
typedef Cell *(*Primitive)(Cell *arguments);
/** Of a closure the sides are its parameters with its body, and where it was made. */
struct Cell {
  Type type;
  union {
    int32_t number;
    char name[8];
    Primitive primitive;
    struct {
      Cell *head, *tail;
    };
  };
};

static Cell cells[CELLS];
static int used;
/** The empty list, which is also what is false. */
static Cell none;
static Cell *symbols, *globals, *when, *lambda;
static const char *at;

static Cell *make(Type type, Cell *head, Cell *tail) {
  Cell *cell = &cells[used++];
  cell->type = type;
  cell->head = head;
  cell->tail = tail;
  return cell;
}

static Cell *number(int32_t value) {
  Cell *cell = make(NUMBER, 0, 0);
  cell->number = value;
  return cell;
}

static Cell *symbol(const char *name, size_t size) {
  for (Cell *list = symbols; list != &none; list = list->tail) {
    const char *known = list->head->name;
    if (strlen(known) == size && memcmp(known, name, size) == 0) return list->head;
  }
  Cell *made = make(SYMBOL, 0, 0);
  memset(made->name, 0, sizeof made->name);
  memcpy(made->name, name, size);
  symbols = make(PAIR, made, symbols);
  return made;
}

/** The next form; the empty list where a list ends. */
static NOINLINE Cell *parse(void) {
  Cell *list = &none, **end = &list;
  at += strspn(at, " ");
  if (*at != '(' && *at != ')') {
    const char *from = at;
    at += strcspn(at, " ()");
    return *from >= '0' && *from <= '9' ? number(atoi(from)) : symbol(from, (size_t)(at - from));
  }
  if (*at++ == ')') return &none;
  for (Cell *item; (item = parse()) != &none; end = &(*end)->tail) *end = make(PAIR, item, &none);
  return list;
}

static void bind(Cell *name, Cell *value) {
  globals = make(PAIR, make(PAIR, name, value), globals);
}

static NOINLINE Cell *look_up(const Cell *name, Cell *scope) {
  for (; scope != &none; scope = scope->tail) {
    if (scope->head->head == name) return scope->head->tail;
  }
  for (scope = globals; scope->head->head != name;) scope = scope->tail;
  return scope->head->tail;
}

static NOINLINE Cell *evaluate(Cell *form, Cell *scope) {
  if (form->type == SYMBOL) return look_up(form, scope);
  if (form->type != PAIR) return form;
  Cell *head = form->head, *rest = form->tail;
  if (head == lambda) return make(CLOSURE, rest, scope);
  if (head == when) {
    Cell *branches = evaluate(rest->head, scope) == &none ? rest->tail->tail : rest->tail;
    return evaluate(branches->head, scope);
  }
  Cell *function = evaluate(head, scope), *arguments = &none, **end = &arguments;
  for (; rest != &none; rest = rest->tail, end = &(*end)->tail) {
    *end = make(PAIR, evaluate(rest->head, scope), &none);
  }
  if (function->type == PRIMITIVE) return function->primitive(arguments);
  Cell *inner = function->tail, *name = function->head->head;
  for (; name != &none; name = name->tail, arguments = arguments->tail) {
    inner = make(PAIR, make(PAIR, name->head, arguments->head), inner);
  }
  return evaluate(function->head->tail->head, inner);
}

#define FIRST arguments->head
#define SECOND arguments->tail->head
static Cell *add(Cell *arguments) { return number(FIRST->number + SECOND->number); }
static Cell *take(Cell *arguments) { return number(FIRST->number - SECOND->number); }
static Cell *rest_of(Cell *arguments) { return number(FIRST->number % SECOND->number); }
static Cell *less(Cell *arguments) { return FIRST->number < SECOND->number ? FIRST : &none; }
static Cell *pair(Cell *arguments) { return make(PAIR, FIRST, SECOND); }
static Cell *head(Cell *arguments) { return FIRST->head; }
static Cell *tail(Cell *arguments) { return FIRST->tail; }

static const struct {
  const char *name;
  Primitive primitive;
} PRIMITIVES[] = {{"+", add},     {"-", take},    {"mod", rest_of}, {"<", less},
                  {"cons", pair}, {"head", head}, {"tail", tail}};

/** Each a name and its value. */
static const char *const PROGRAM =
    "map (lambda (f l) (if l (cons (f (head l)) (map f (tail l))) nil))"
    "fold (lambda (f a l) (if l (fold f (f a (head l)) (tail l)) a))"
    "upto (lambda (a b) (if (< a b) (cons a (upto (+ a 1) b)) nil))"
    "put (lambda (l x) (if l (if (< (head l) x) (cons (head l) (put (tail l) x)) (cons x l))"
    "  (cons x nil)))"
    "fib (lambda (n) (if (< n 2) n (+ (fib (- n 1)) (fib (- n 2)))))"
    "mess (lambda (k) (map (lambda (i) (mod (+ k (fold + i (upto 0 i))) 17)) (upto 0 20)))"
    "sum (lambda (l) (fold (lambda (a x) (mod (+ (+ a a) x) 9973)) 0 l))"
    "main (lambda (k) (+ (sum (fold put nil (mess k))) (fib (+ 8 (mod k 3)))))";

static void prepare(void) {
  used = 0;
  symbols = globals = &none;
  when = symbol("if", 2);
  lambda = symbol("lambda", 6);
  bind(symbol("nil", 3), &none);
  for (size_t i = 0; i < sizeof PRIMITIVES / sizeof *PRIMITIVES; i++) {
    Cell *made = make(PRIMITIVE, 0, 0);
    made->primitive = PRIMITIVES[i].primitive;
    bind(symbol(PRIMITIVES[i].name, strlen(PRIMITIVES[i].name)), made);
  }
  for (at = PROGRAM; *at;) {
    Cell *name = parse();
    bind(name, evaluate(parse(), &none));
  }
}

uint32_t run(int n) {
  uint32_t sum = 0;
  prepare();
  Cell *main_symbol = symbol("main", 4);
  for (int round = 0, before = used; round < n; round++, used = before) {
    Cell *call = make(PAIR, main_symbol, make(PAIR, number(round), &none));
    sum = mix(sum, (uint32_t)evaluate(call, &none)->number);
    sum = mix(sum, (uint32_t)used);
  }
  return sum;
}
