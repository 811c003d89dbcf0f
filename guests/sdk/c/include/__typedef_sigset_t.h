// libc's is a placeholder of one byte.
#ifndef __wasilibc___typedef_sigset_t_h
#define __wasilibc___typedef_sigset_t_h

typedef struct {
  unsigned long long __bits;
} sigset_t;

#endif
