// An interpreter's dispatch loop: one br_table for each instruction of a small register machine.
#include "kernel.h"

enum { SET, ADD, SUB, MUL, JUMP, LOAD, STORE, LESS, MOVE, XOR, SHIFT, HALT };

#define CELLS 1024

typedef struct {
  uint8_t op, a, b, c;
  int immediate;
} Instruction;

static uint32_t cells[CELLS];

static NOINLINE uint32_t execute(const Instruction *program) {
  uint32_t r[16] = {0};
  const Instruction *next = program;
  for (;;) {
    Instruction i = *next++;
    switch (i.op) {
      case SET: r[i.a] = (uint32_t)i.immediate; break;
      case ADD: r[i.a] = r[i.b] + r[i.c]; break;
      case SUB: r[i.a] = r[i.b] - r[i.c]; break;
      case MUL: r[i.a] = r[i.b] * r[i.c]; break;
      case JUMP: if (r[i.a]) next = program + i.immediate; break;
      case LOAD: r[i.a] = cells[r[i.b] % CELLS]; break;
      case STORE: cells[r[i.b] % CELLS] = r[i.a]; break;
      case LESS: r[i.a] = (int32_t)r[i.b] < (int32_t)r[i.c]; break;
      case MOVE: r[i.a] = r[i.b]; break;
      case XOR: r[i.a] = r[i.b] ^ r[i.c]; break;
      case SHIFT: r[i.a] = r[i.b] >> (i.immediate & 31); break;
      case HALT: return r[0];
      default: __builtin_unreachable();
    }
  }
}

uint32_t run(int n) {
  const Instruction program[] = {
      {SET, 1, 0, 0, n * 4000}, {SET, 2, 0, 0, 1},     {SET, 0, 0, 0, 1},
      {SET, 3, 0, 0, 1103515245}, {SET, 4, 0, 0, 12345},
      // 5: the loop
      {MUL, 0, 0, 3, 0},        {ADD, 0, 0, 4, 0},     {SHIFT, 5, 0, 0, 7},
      {STORE, 0, 5, 0, 0},      {LOAD, 6, 1, 0, 0},    {XOR, 0, 0, 6, 0},
      {LESS, 7, 0, 5, 0},       {JUMP, 7, 0, 0, 14},   {ADD, 0, 0, 2, 0},
      // 14
      {SUB, 1, 1, 2, 0},        {JUMP, 1, 0, 0, 5},    {HALT, 0, 0, 0, 0},
  };
  memset(cells, 0, sizeof cells);
  return execute(program);
}
