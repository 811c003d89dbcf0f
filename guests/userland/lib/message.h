// What a tool says when something is wrong: NAME: what: why, on standard error.
#ifndef LIB_MESSAGE_H
#define LIB_MESSAGE_H

#include <stdarg.h>

// The name the tool was called by.
extern const char *message_name;

// NAME: the text.
void message(const char *format, ...) __attribute__((format(printf, 1, 2)));
// NAME: the text: what errno says.
void message_errno(const char *format, ...) __attribute__((format(printf, 1, 2)));
// The same two for who counts what was wrong.
void message_list(const char *format, va_list args) __attribute__((format(printf, 1, 0)));
void message_errno_list(const char *format, va_list args) __attribute__((format(printf, 1, 0)));

#endif
