// Moments as text: strftime's sequences, with GNU's flags and %N.
#ifndef LIB_DATE_FORMAT_H
#define LIB_DATE_FORMAT_H

#include <time.h>

// New memory. NULL when the moment is beyond what a calendar holds.
char *format_date(const char *format, struct timespec moment);

#endif
