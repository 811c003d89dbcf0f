// What builtins write to standard output: collected, and written when the builtin ends. While a command
// substitution runs within the shell itself it goes to a text in place of the descriptor.
#ifndef SH_OUTPUT_H
#define SH_OUTPUT_H

#include <stddef.h>

#include "sh/memory/text.h"

void output_char(char c);
void output_bytes(const char *bytes, size_t length);
void output_string(const char *string);
void output_format(const char *format, ...) __attribute__((format(printf, 1, 2)));
// 0, or -1 with errno: not all could be written. What is left is dropped.
int output_flush(void);
// Flushes, says what failed, and gives the status: the given one, or at least 1.
int output_finish(int status);

// Collects in that text; NULL: no more. Returns what there was.
struct text *output_capture(struct text *text);

#endif
