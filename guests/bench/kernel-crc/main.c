// CRC-32 by table, then two loops that end by their data (a string's length, Collatz): tiny bodies.
#include "kernel.h"

#define BYTES (1 << 16)

static uint32_t table[256];
static uint8_t bytes[BYTES];

static void prepare(void) {
  for (uint32_t i = 0; i < 256; i++) {
    uint32_t entry = i;
    for (int bit = 0; bit < 8; bit++) entry = entry & 1 ? 0xedb88320 ^ (entry >> 1) : entry >> 1;
    table[i] = entry;
  }
  for (int i = 0; i < BYTES; i++) bytes[i] = (uint8_t)(i * 7);
}

static int collatz(uint32_t number) {
  int steps = 0;
  for (; number != 1; steps++) number = number & 1 ? 3 * number + 1 : number >> 1;
  return steps;
}

uint32_t run(int n) {
  uint32_t crc = ~0u;
  int length = 0;
  prepare();
  for (int round = 0; round < n; round++) {
    for (int i = 0; i < BYTES; i++) crc = table[(crc ^ bytes[i]) & 255] ^ (crc >> 8);
  }
  for (int round = 0; round < n * 400; round++) {
    const uint8_t *at = bytes + 1 + (round & 7);
    while (*at) at++;
    length += (int)(at - bytes) + collatz((uint32_t)round + 27);
  }
  return crc ^ (uint32_t)length;
}
