// open(2)'s flags, as the host takes them.
#ifndef SDK_OPEN_HOW_H
#define SDK_OPEN_HOW_H
#include <stdint.h>

uint32_t open_how(int flags);

#endif
