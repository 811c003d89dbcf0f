#ifndef _SYS_TIMES_H
#define _SYS_TIMES_H
#include <__struct_tms.h>

#ifdef __cplusplus
extern "C" {
#endif

// In units of 1/sysconf(_SC_CLK_TCK) seconds.
clock_t times(struct tms *);

#ifdef __cplusplus
}
#endif
#endif
