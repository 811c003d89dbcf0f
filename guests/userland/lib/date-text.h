// Moments as people write them: what date -d, touch -d and find -newermt read.
#ifndef LIB_DATE_TEXT_H
#define LIB_DATE_TEXT_H

#include <stdbool.h>
#include <time.h>

// ISO dates and times, @SECONDS, names of months, "yesterday 12:00", "2 days ago", in any order.
bool parse_date(const char *text, struct timespec now, struct timespec *moment);
// [[CC]YY]MMDDhhmm[.ss], as touch -t takes it.
bool parse_stamp(const char *text, time_t now, time_t *moment);

#endif
