// libc's, and what it lacks.
#ifndef BULKHEAD_STDLIB_H
#define BULKHEAD_STDLIB_H
#include_next <stdlib.h>

#ifdef __cplusplus
extern "C" {
#endif

int mkstemp(char *);
int mkstemps(char *, int);
int mkostemp(char *, int);
char *mkdtemp(char *);
char *mktemp(char *);
int system(const char *);

#ifdef __cplusplus
}
#endif
#endif
