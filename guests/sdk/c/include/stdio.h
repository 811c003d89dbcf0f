// libc's, and what it lacks.
#ifndef BULKHEAD_STDIO_H
#define BULKHEAD_STDIO_H
// Its tmpfile is said to be missing.
#define tmpfile __no_tmpfile
#include_next <stdio.h>
#undef tmpfile

#ifdef __cplusplus
extern "C" {
#endif

FILE *popen(const char *, const char *);
int pclose(FILE *);
FILE *tmpfile(void);

#ifdef __cplusplus
}
#endif
#endif
