// What a tool says when something is wrong: NAME: what: why, on standard error.
#ifndef LIB_MESSAGE_H
#define LIB_MESSAGE_H

// The name the tool was called by.
extern const char *message_name;

// NAME: the text.
void message(const char *format, ...) __attribute__((format(printf, 1, 2)));
// NAME: the text: what errno says.
void message_errno(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
