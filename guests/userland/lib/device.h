// The two numbers in a device's number, as Linux packs them.
#ifndef LIB_DEVICE_H
#define LIB_DEVICE_H

#include <stdint.h>

static inline unsigned device_major(uint64_t device) {
  return (unsigned)((device >> 8 & 0xfff) | (device >> 32 & 0xfffff000));
}
static inline unsigned device_minor(uint64_t device) {
  return (unsigned)((device & 0xff) | (device >> 12 & 0xffffff00));
}

#endif
