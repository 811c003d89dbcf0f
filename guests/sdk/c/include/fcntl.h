// libc's, and what it makes nothing of because WASI knows of no other program.
#include_next <fcntl.h>
#ifndef BULKHEAD_FCNTL_H
#define BULKHEAD_FCNTL_H

#undef O_CLOEXEC
#define O_CLOEXEC 0x00200000
#define F_DUPFD 0
#define F_DUPFD_CLOEXEC 1030
#undef AT_EACCESS
#define AT_EACCESS 0x8

#endif
