#ifndef BULKHEAD_SYS_STAT_H
#define BULKHEAD_SYS_STAT_H
#include_next <sys/stat.h>

#ifdef __cplusplus
extern "C" {
#endif

mode_t umask(mode_t);
// There are none: ENOSYS.
int mkfifo(const char *, mode_t);
int mknod(const char *, mode_t, dev_t);

#ifdef __cplusplus
}
#endif
#endif
