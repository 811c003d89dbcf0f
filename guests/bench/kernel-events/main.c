// Simulates counters where customers queue, lose patience and go on to the next one: events in a heap
// by time, each with a function to call; timers are called off, machines break down and are mended.
#include "kernel.h"

#define PLACES 6
#define TOKENS 40
#define STEPS 2500

typedef struct Event {
  double time;
  /** Of two at the same time the one that was made first happens first. */
  uint32_t serial;
  int index;
  void (*happens)(void *subject);
  void *subject;
} Event;

typedef struct Customer {
  struct Customer *next;
  struct Place *place;
  Event *patience;
  double since;
  uint32_t visits;
} Customer;

typedef struct Place {
  Customer *first, **last;
  Customer *served;
  Event *finish;
  double mean, busy_since, busy, left_over;
  uint32_t length, longest, done, lost;
  int is_broken;
} Place;

static Event **heap;
static int count, room;
static double now;
static uint32_t serials, checksum;
static Place places[PLACES];

static inline int is_before(const Event *a, const Event *b) {
  return a->time < b->time || (a->time == b->time && a->serial < b->serial);
}

static inline void set(int index, Event *event) {
  heap[index] = event;
  event->index = index;
}

static NOINLINE void sift_up(Event *event) {
  int index = event->index;
  for (; index > 0 && is_before(event, heap[(index - 1) / 2]); index = (index - 1) / 2) {
    set(index, heap[(index - 1) / 2]);
  }
  set(index, event);
}

static NOINLINE void sift_down(Event *event) {
  int index = event->index;
  for (int child; (child = index * 2 + 1) < count; index = child) {
    if (child + 1 < count && is_before(heap[child + 1], heap[child])) child++;
    if (!is_before(heap[child], event)) break;
    set(index, heap[child]);
  }
  set(index, event);
}

static Event *after(double delay, void (*happens)(void *), void *subject) {
  if (count == room) {
    room = room * 2 + 8;
    heap = realloc(heap, (size_t)room * sizeof *heap);
  }
  Event *event = malloc(sizeof *event);
  *event = (Event){now + delay, serials++, count, happens, subject};
  heap[count++] = event;
  sift_up(event);
  return event;
}

static NOINLINE void call_off(Event *event) {
  Event *last = heap[--count];
  if (last != event) {
    last->index = event->index;
    sift_up(last);
    sift_down(last);
  }
  free(event);
}

/** Many short delays and few long ones: the mean times -ln of a number below one, by halving it
 * until a short series will do. */
static NOINLINE double delay(double mean) {
  double chance = (double)(next_random() + 1) / (1 << 24), sum = 0;
  for (; chance < 0.70710678; chance *= 2) sum += 0.69314718055994531;
  double ratio = (1 - chance) / (1 + chance), square = ratio * ratio;
  return mean * (sum + 2 * ratio * (1 + square / 3 + square * square / 5 + square * square * square / 7));
}

static void arrive(void *subject);
static void finish(void *subject);
static void lose_patience(void *subject);

static void serve_next(Place *place) {
  Customer *customer = place->first;
  if (place->served || place->is_broken || !customer) return;
  place->first = customer->next;
  if (!place->first) place->last = &place->first;
  place->length--;
  call_off(customer->patience);
  customer->patience = 0;
  place->served = customer;
  place->busy_since = now;
  place->finish = after(delay(place->mean), finish, place);
  checksum = mix(checksum, bits_of(now - customer->since));
}

static void go_to(Customer *customer, Place *place) {
  customer->place = place;
  after(0.05 + delay(0.3), arrive, customer);
}

static void arrive(void *subject) {
  Customer *customer = subject;
  Place *place = customer->place;
  customer->next = 0;
  customer->since = now;
  customer->patience = after(2 + delay(4), lose_patience, customer);
  *place->last = customer;
  place->last = &customer->next;
  if (++place->length > place->longest) place->longest = place->length;
  serve_next(place);
}

/** Whoever has been here goes where there are fewest of the two that come next. */
static void finish(void *subject) {
  Place *place = subject;
  Customer *customer = place->served;
  uint32_t at = (uint32_t)(place - places);
  Place *near = &places[(at + 1) % PLACES], *far = &places[(at + 2) % PLACES];
  place->busy += now - place->busy_since;
  place->done++;
  place->served = 0;
  place->finish = 0;
  customer->visits++;
  go_to(customer, far->length < near->length ? far : near);
  serve_next(place);
}

static void lose_patience(void *subject) {
  Customer *customer = subject;
  Place *place = customer->place;
  Customer **link = &place->first;
  while (*link != customer) link = &(*link)->next;
  *link = customer->next;
  if (place->last == &customer->next) place->last = link;
  place->length--;
  place->lost++;
  customer->patience = 0;
  go_to(customer, &places[next_random() % PLACES]);
}

static void mend(void *subject);

/** Who is served then has to wait for the rest until the place is mended. */
static void break_down(void *subject) {
  Place *place = subject;
  place->is_broken = 1;
  if (place->finish) {
    place->left_over = place->finish->time - now;
    call_off(place->finish);
    place->finish = 0;
  }
  after(delay(3), mend, place);
}

static void mend(void *subject) {
  Place *place = subject;
  place->is_broken = 0;
  if (place->served) place->finish = after(place->left_over, finish, place);
  serve_next(place);
  after(20 + delay(40), break_down, place);
}

static void open_places(Customer *customers) {
  memset(places, 0, sizeof places);
  for (int i = 0; i < PLACES; i++) {
    places[i].last = &places[i].first;
    places[i].mean = 0.4 + i * 0.1;
    after(10 + delay(30), break_down, &places[i]);
  }
  memset(customers, 0, TOKENS * sizeof *customers);
  for (int i = 0; i < TOKENS; i++) go_to(&customers[i], &places[i % PLACES]);
}

uint32_t run(int n) {
  Customer customers[TOKENS];
  seed = 317;
  heap = 0;
  count = room = 0;
  now = 0;
  serials = checksum = 0;
  open_places(customers);
  for (int step = 0; step < n * STEPS; step++) {
    Event *event = heap[0];
    void (*happens)(void *) = event->happens;
    void *subject = event->subject;
    now = event->time;
    call_off(event);
    happens(subject);
  }
  uint32_t sum = mix(checksum, bits_of(now));
  for (int i = 0; i < PLACES; i++) {
    const Place *place = &places[i];
    sum = mix(mix(sum, place->done), place->lost);
    sum = mix(mix(sum, place->longest), bits_of(place->busy));
  }
  for (int i = 0; i < TOKENS; i++) sum = mix(sum, customers[i].visits);
  while (count > 0) call_off(heap[count - 1]);
  free(heap);
  return sum;
}
