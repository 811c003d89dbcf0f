// printf of awk: all of it safe, whatever format a script makes up.
#ifndef TEXT_AWK_FORMAT_H
#define TEXT_AWK_FORMAT_H

#include "text/awk/value.h"

// `convert` is the format for numbers that become text (CONVFMT). Values that are missing are none.
struct text *format_text(const char *format, size_t length, struct value *values, size_t count,
                         const char *convert);

#endif
