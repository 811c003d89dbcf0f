// What the guests of this group share: each checks one thing after the other, and says so.
#ifndef CHECK_H
#define CHECK_H
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(what, wanted)                                                                      \
  do {                                                                                           \
    long long came_ = (long long)(what);                                                         \
    long long wanted_ = (long long)(wanted);                                                     \
    if (came_ != wanted_) {                                                                      \
      printf("FAIL line %d: %s is %lld, not %lld (errno %d)\n", __LINE__, #what, came_, wanted_, \
             errno);                                                                             \
      exit(1);                                                                                   \
    }                                                                                            \
  } while (0)

#define CHECK_TEXT(what, wanted)                                                       \
  do {                                                                                 \
    const char *came_ = (what);                                                        \
    const char *wanted_ = (wanted);                                                    \
    if (came_ == NULL || strcmp(came_, wanted_) != 0) {                                \
      printf("FAIL line %d: %s is %s, not %s (errno %d)\n", __LINE__, #what,           \
             came_ == NULL ? "NULL" : came_, wanted_, errno);                          \
      exit(1);                                                                         \
    }                                                                                  \
  } while (0)

/// The call fails with that errno.
#define CHECK_FAILS(call, error) \
  do {                           \
    errno = 0;                   \
    CHECK(call, -1);             \
    CHECK(errno, error);         \
  } while (0)

/// What was checked holds.
static inline void holds(const char *what) {
  printf("ok %s\n", what);
  fflush(stdout);
}

#endif
