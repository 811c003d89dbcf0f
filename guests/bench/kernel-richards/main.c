// An operating system's scheduler in miniature, after Martin Richards: queues of packets between
// tasks, each task a function behind a pointer. Pointer chasing and indirect calls.
#include "kernel.h"

enum { IDLE, WORKER, HANDLER_A, HANDLER_B, DEVICE_A, DEVICE_B, TASKS };
enum { DEVICE_PACKET, WORK_PACKET };
#define DATA 4

typedef struct Packet {
  struct Packet *next;
  int owner, kind, index;
  uint8_t data[DATA];
} Packet;

typedef struct Task Task;
/** One step of a task: what it was sent, or nothing. Answers the task to run next. */
typedef Task *(*Step)(Task *task, Packet *packet);

struct Task {
  Task *next;
  Step step;
  Packet *inbox;
  int id, priority, held, waiting, ready;
  uint32_t counter, control;
  Packet *work, *devices;
};

static Task tasks[TASKS];
static Packet packets[16];
static int used, sent, holds;
static Task *list, *current;

static Packet *append(Packet *packet, Packet *queue) {
  Packet **end = &queue;
  packet->next = 0;
  while (*end) end = &(*end)->next;
  *end = packet;
  return queue;
}

static Packet *make_packet(Packet *next, int owner, int kind) {
  Packet *packet = &packets[used++];
  memset(packet, 0, sizeof *packet);
  packet->next = next;
  packet->owner = owner;
  packet->kind = kind;
  return packet;
}

static Task *wait_for_packet(void) {
  current->waiting = 1;
  return current;
}

static Task *hold(void) {
  holds++;
  current->held = 1;
  return current->next;
}

static Task *release(int id) {
  Task *task = &tasks[id];
  task->held = 0;
  return task->priority > current->priority ? task : current;
}

static Task *send(Packet *packet) {
  Task *to = &tasks[packet->owner];
  sent++;
  packet->owner = current->id;
  if (to->inbox) {
    to->inbox = append(packet, to->inbox);
    return current;
  }
  to->inbox = append(packet, 0);
  to->ready = 1;
  return to->priority > current->priority ? to : current;
}

static NOINLINE Task *idle(Task *task, Packet *packet) {
  (void)packet;
  if (--task->counter == 0) return hold();
  int odd = task->control & 1;
  task->control >>= 1;
  if (odd) task->control ^= 0xd008;
  return release(odd ? DEVICE_B : DEVICE_A);
}

static NOINLINE Task *worker(Task *task, Packet *packet) {
  if (!packet) return wait_for_packet();
  task->control = task->control == HANDLER_A ? HANDLER_B : HANDLER_A;
  packet->owner = (int)task->control;
  packet->index = 0;
  for (int i = 0; i < DATA; i++) {
    task->counter = task->counter % 26 + 1;
    packet->data[i] = (uint8_t)('A' + task->counter - 1);
  }
  return send(packet);
}

static NOINLINE Task *handler(Task *task, Packet *packet) {
  if (packet) {
    Packet **queue = packet->kind == WORK_PACKET ? &task->work : &task->devices;
    *queue = append(packet, *queue);
  }
  Packet *work = task->work;
  if (!work) return wait_for_packet();
  if (work->index >= DATA) {
    task->work = work->next;
    return send(work);
  }
  Packet *device = task->devices;
  if (!device) return wait_for_packet();
  task->devices = device->next;
  device->index = work->data[work->index++];
  return send(device);
}

static NOINLINE Task *device(Task *task, Packet *packet) {
  if (packet) {
    task->work = packet;
    return hold();
  }
  Packet *held = task->work;
  if (!held) return wait_for_packet();
  task->work = 0;
  return send(held);
}

static void add(int id, int priority, Packet *inbox, Step step, int running) {
  Task *task = &tasks[id];
  memset(task, 0, sizeof *task);
  task->id = id;
  task->priority = priority;
  task->inbox = inbox;
  task->step = step;
  task->waiting = !running;
  task->ready = inbox != 0;
  task->next = list;
  list = task;
}

static void build(uint32_t steps) {
  used = sent = holds = 0;
  list = 0;
  add(IDLE, 0, 0, idle, 1);
  tasks[IDLE].control = 1;
  tasks[IDLE].counter = steps;
  Packet *queue = make_packet(make_packet(0, WORKER, WORK_PACKET), WORKER, WORK_PACKET);
  add(WORKER, 1000, queue, worker, 0);
  tasks[WORKER].control = HANDLER_A;
  for (int side = 0; side < 2; side++) {
    int id = DEVICE_A + side;
    queue = make_packet(0, id, DEVICE_PACKET);
    queue = make_packet(make_packet(queue, id, DEVICE_PACKET), id, DEVICE_PACKET);
    add(HANDLER_A + side, 2000 + 1000 * side, queue, handler, 0);
  }
  add(DEVICE_A, 4000, 0, device, 0);
  add(DEVICE_B, 5000, 0, device, 0);
}

static void schedule(void) {
  for (current = list; current;) {
    if (current->held || (current->waiting && !current->ready)) {
      current = current->next;
      continue;
    }
    Packet *packet = 0;
    if (current->waiting) {
      packet = current->inbox;
      current->inbox = packet->next;
      current->waiting = 0;
      current->ready = current->inbox != 0;
    }
    current = current->step(current, packet);
  }
}

uint32_t run(int n) {
  build((uint32_t)n * 1000);
  schedule();
  return mix((uint32_t)sent, (uint32_t)holds);
}
